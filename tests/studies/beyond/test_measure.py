"""Beyond the training distribution, with exact predictors whose losses are known."""

import dataclasses

import numpy as np
import pytest

from ntmlab import Copy, DynamicNGrams
from ntmlab.errors import InputError
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.scored import Oracle
from ntmlab.optimal import ContextKT, coin
from ntmlab.studies.beyond.blocks import first_worse, run_blocks
from ntmlab.studies.beyond.measure import TRAINED, beyond, short_settings
from ntmlab.tasks import make_task

TASK = DynamicNGrams(order=4, length=50)


@pytest.fixture(scope="module")
def found():
    models = {"own": ContextKT(3), "four": ContextKT(4), "coin": coin}
    return beyond(TASK, models, sequences=100, seed=5, length=175)


def test_settings_are_priors_and_shorter_contexts_at_the_training_length():
    tasks = {name: task for _, name, task in short_settings(TASK)}
    assert tasks["as in training"] == TASK
    assert tasks["Beta(0.1, 0.1)"].prior == (0.1, 0.1)
    assert [t.order for t in tasks.values()] == [4] * 5 + [3, 2, 1]
    assert {t.length for t in tasks.values()} == {50}
    other = dataclasses.replace(TASK, prior=(1.0, 1.0))
    assert "Beta(1, 1)" not in {name for _, name, _ in short_settings(other)}


def test_scores_are_those_of_evaluate_against_each_settings_own_optimum(found):
    for setting in found.settings:
        if setting.kind == "length":
            continue
        expected = evaluate(setting.task, {"four": ContextKT(4)}, 100, 5)["four"]
        assert setting.scores["four"][:6] == pytest.approx(expected[:6])
    assert found.settings[0].scores["own"].kl == 0
    assert all(setting.scores["own"].kl > 0.2 for setting in found.settings[1:8])


def test_excess_is_above_the_optimum_of_training(found):
    for setting in found.settings:
        assert setting.excess["own"] == setting.excess[TRAINED] == (0, 0)
        mean, error = setting.excess["four"]
        above = setting.scores["four"].kl - setting.scores[TRAINED].kl
        assert mean == pytest.approx(above)
        assert error > 0


def test_lengths_are_beginnings_of_the_long_sequences(found):
    lengths = [s for s in found.settings if s.kind == "length"]
    assert [s.task.length for s in lengths] == [50, 175]
    for setting in lengths:
        expected = evaluate(setting.task, {"four": ContextKT(4)}, 10, 5)["four"]
        assert setting.sequences == 10
        assert setting.scores["four"][:6] == pytest.approx(expected[:6])


@pytest.mark.parametrize(
    ("steps", "length", "lengths"),
    [(50, 1050, [50, 400, 1000, 1050]), (150, 1000, [150, 1000]), (200, 1000, [200, 400, 1000])],
)
def test_usual_lengths_are_looked_at_where_whole_blocks_make_them_up(steps, length, lengths):
    task = DynamicNGrams(order=2, length=steps)
    known = beyond(task, {"coin": coin}, sequences=20, length=length).settings
    assert [s.task.length for s in known if s.kind == "length"] == lengths
    assert [s.scores["coin"].bits for s in known if s.kind == "length"] == lengths


def test_blocks_sum_to_the_whole(found):
    blocks = run_blocks(dataclasses.replace(TASK, length=175), {"c": coin}, 10, 5, 50)["c"]
    assert blocks.cost.tolist() == [[50, 50, 50, 25]] * 10
    whole = next(s for s in found.settings if s.task.length == 175).scores["coin"]
    assert blocks.divergence.sum(1).mean() == pytest.approx(whole.kl)
    profile = found.long.by_block["coin"]
    np.testing.assert_allclose(profile.mean, blocks.divergence[:, :3].mean(0))
    np.testing.assert_allclose(profile.se, blocks.divergence[:, :3].std(0, ddof=1) / np.sqrt(10))
    assert profile.steps.tolist() == [500, 500, 500]  # the 25 that are left are no block
    assert set(found.long.by_block) == {"own", "four", "coin", "kt-2", TRAINED}


def test_first_block_that_is_worse():
    generator = np.random.default_rng(0)
    other = np.full((50, 6), 5.0)
    own = generator.normal([1, 4, 5, 9, 3, 9], 0.5, (50, 6))
    assert first_worse(own, other, 200) in (400, 600)
    assert first_worse(own[:, [0, 1, 3]], other[:, :3], 10) == 20
    assert first_worse(other, other, 200) is None
    assert first_worse(own[:, :2], other[:, :2], 200) is None
    # Two standard errors of the difference, of 0.5 here, are not enough; three are.
    assert first_worse(np.array([[0.5], [1.5]]), np.zeros((2, 1)), 10) is None
    assert first_worse(np.array([[1.0], [2.0]]), np.zeros((2, 1)), 10) == 0
    assert first_worse(np.full((2, 1), 1e-15), np.zeros((2, 1)), 10) is None  # rounding


def test_models_fall_behind_where_they_do(found):
    assert found.long.below["coin"]["kt-2"] in (0, 50)
    assert found.long.below["coin"]["coin"] is None
    assert found.long.below["own"] == {"kt-2": None, "coin": None}


def test_what_knows_more_than_models_is_refused():
    with pytest.raises(InputError, match="oracle knows what no model can know"):
        beyond(TASK, {"coin": coin, "oracle": Oracle()}, sequences=20, length=100)


def test_sizes_that_make_no_sense_are_refused():
    for options, message in (
        ({"sequences": 19}, "at least 20, not 19"),
        ({"length": 99}, "at least twice the 50 steps of training, not 99"),
    ):
        with pytest.raises(InputError, match=message):
            beyond(TASK, {"coin": coin}, **{"sequences": 20, "length": 100} | options)


@pytest.mark.parametrize(
    ("task", "names"),
    [
        (make_task("hmm:rrxor", length=30), ["as in training", "30 bits", "60 bits"]),
        (
            make_task("hmm:mess3", length=30),
            ["as in training", "x 0.01", "x 0.15", "a 0.6", "a 1", "30 letters", "60 letters"],
        ),
        (
            DynamicNGrams(order=2, letters=3, length=30),
            [
                "as in training",
                "Dirichlet(1, 1, 1)",
                "Dirichlet(2, 2, 2)",
                "Dirichlet(0.1, 0.1, 0.1)",
                "Dirichlet(0.5, 0.5, 2)",
                "0 letters of context",
                "30 letters",
                "60 letters",
            ],
        ),
    ],
)
def test_any_next_symbol_task_is_varied_as_it_says(task, names):
    own = beyond(task, {"own": task.optimal()}, sequences=20, seed=1, length=60)
    assert [setting.name for setting in own.settings] == names
    assert own.settings[0].scores["own"].kl == own.settings[-1].scores["own"].kl == 0
    assert own.long.below["own"]["coin"] is None
    assert list(own.long.by_block) == [*task.references(), "coin", "own", TRAINED]


def test_tasks_that_cannot_be_longer_are_refused():
    with pytest.raises(InputError, match="task copy asks for answers"):
        beyond(Copy(), {"coin": coin}, sequences=20)

"""Training on mixed lengths: each batch's is drawn by its position, and nothing else changes."""

import numpy as np
import pytest
import torch

from ntmlab.errors import InputError
from ntmlab.recipes import find_recipe
from ntmlab.tasks import make_task
from ntmlab.tasks.draws import TRAINING_START
from ntmlab.tasks.options import of_length
from ntmlab.training import resume, train
from ntmlab.training.data import batches, batches_of_runs
from ntmlab.training.lengths import MixedLengths
from tests.training.test_loop import assert_same_run, stopped_after

TASK = make_task("dynamic-ngrams", order=2, length=20)
RECIPE = find_recipe("ngrams-quick").override(
    [
        *("longest=64", "sequences=320", "validate_every=160", "batch=16"),
        *("task.order=2", "task.length=20", "model.slots=8", "model.controller_size=8"),
    ]
)


def test_each_batch_has_a_length_of_its_own_from_the_tasks_to_the_longest():
    mixed = MixedLengths(TASK, 64, batch=16)
    lengths = mixed.steps(160_000, 1, TRAINING_START)[::16]
    assert (lengths.min(), lengths.max()) == (20, 64)
    assert (lengths < 40).mean() == pytest.approx(np.log(2) / np.log(65 / 20), abs=0.015)
    assert lengths.mean() == pytest.approx(mixed.mean_steps(), rel=0.02)
    assert (mixed.steps(160_000, 2, TRAINING_START)[::16] != lengths).mean() > 0.9


def test_batches_are_the_beginnings_of_sequences_of_the_longest_and_depend_on_position_only():
    mixed = MixedLengths(TASK, 64, batch=16)
    lengths = mixed.steps(160, 3, TRAINING_START)[::16]
    drawn = list(batches(mixed, 3, 16, 0, 160))
    assert [found.inputs.shape[1] for found in drawn] == lengths.tolist()
    whole = of_length(TASK, 64).sample(160, 3, TRAINING_START)
    for number, found in enumerate(drawn):
        expected = whole.take(slice(16 * number, 16 * number + 16)).first(int(lengths[number]))
        assert all(map(torch.equal, found[:3], expected[:3]))
    later = next(batches(mixed, 3, 16, 96, 160))
    assert torch.equal(later.inputs, drawn[6].inputs)


def test_of_longer_sequences_fewer_are_drawn_at_once(monkeypatch):
    """As many steps as 160 of 20 have: 50 of 64, so that 3 batches of 16 are whole."""
    monkeypatch.setattr("ntmlab.training.data.DRAW_AT_ONCE", 160)
    mixed, counts = MixedLengths(TASK, 64, batch=16), []
    sample = mixed.sample

    def counted(count, seed, start):
        counts.append(count)
        return sample(count, seed, start)

    monkeypatch.setattr(mixed, "sample", counted)
    assert len(list(batches(mixed, 3, 16, 0, 160))) == 10
    assert counts == [48, 48, 48, 16]


def test_of_several_runs_a_shorter_batch_is_padded_with_steps_not_scored():
    mixed = MixedLengths(TASK, 64, batch=16)
    both = next(batches_of_runs(mixed, [3, 4], 16, 0, 160))
    lengths = [int(mixed.steps(1, seed, TRAINING_START)[0]) for seed in (3, 4)]
    assert lengths[0] != lengths[1]
    assert both.mask.shape[2] == max(lengths)
    assert both.mask.sum(2)[:, 0].tolist() == lengths


def test_resuming_changes_no_bit_and_validation_has_the_tasks_length(tmp_path):
    assert train(RECIPE, 1, tmp_path / "whole")
    stopped_after(tmp_path / "parts", 176, RECIPE)
    assert resume(tmp_path / "parts")
    assert_same_run(tmp_path / "parts", tmp_path / "whole")
    assert train(RECIPE.override(["longest=0"]), 1, tmp_path / "short")
    with pytest.raises(AssertionError):
        assert_same_run(tmp_path / "short", tmp_path / "whole")


@pytest.mark.parametrize(
    ("recipe", "setting", "message"),
    [
        ("ngrams-quick", "longest=49", "0 or at least the task's 50 steps, not 49"),
        ("ngrams-quick", "longest=-1", "0 or at least the task's 50 steps, not -1"),
        ("copy-quick", "longest=400", "for sources of symbols, not copy"),
    ],
)
def test_what_has_no_longer_sequences_is_refused(recipe, setting, message):
    with pytest.raises(InputError, match=message):
        find_recipe(recipe).override([setting])

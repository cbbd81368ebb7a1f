"""A cell of the table: what is trained, what is chosen, and what of it is measured anew."""

import numpy as np
import pytest

from ntmlab import LSTM, DynamicNGrams, InputError, compare
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.optimal import coin, named_predictor
from ntmlab.studies import table
from ntmlab.studies.table import cell as cells
from ntmlab.studies.table.plan import RATES

BUDGET = table.Budget(sequences=32, search=16, seeds=(3, 5))
CELL = table.Cell("hidden Markov", "gru")
LARGE, SMALL = CELL.sizes
TASK = DynamicNGrams(order=2, length=20)


@pytest.fixture
def trained(monkeypatch, tmp_path):
    """Every run that is asked for: model, rate, sequences and seed; none is trained."""
    asked = []

    def train(cell, model, rate, sequences, seed, folder):
        asked.append((model, rate, sequences, seed))
        return {"path": tmp_path / f"{model}-{rate:g}", "seconds": 1.0}

    monkeypatch.setattr(cells, "_trained", train)
    monkeypatch.setattr(cells, "_measured", lambda run, sequences: {"kl": float(sequences)})
    return asked


@pytest.mark.parametrize("better", RATES)
@pytest.mark.parametrize("best", [LARGE, SMALL])
def test_the_smaller_size_is_tried_at_the_better_rate_and_the_best_is_trained(
    trained, monkeypatch, tmp_path, better, best
):
    (other,) = {*RATES} - {better}
    ends = {
        (LARGE, better): 2.0,
        (LARGE, other): 3.0,
        (SMALL, better): 1.0 if best == SMALL else 9.0,
    }
    paths = {tmp_path / f"{model}-{rate:g}": end for (model, rate), end in ends.items()}
    monkeypatch.setattr(cells, "read_metrics", lambda path: [{"kl": 0.0}, {"kl": paths[path]}])
    found = table.measure_cell(CELL, BUDGET, tmp_path, sequences=20)
    search = [(LARGE, rate, 16, 1000) for rate in RATES] + [(SMALL, better, 16, 1000)]
    assert trained == [*search, *((best, better, 32, seed) for seed in BUDGET.seeds)]
    assert (found["chosen"], found["rate"]) == (best, better)
    assert found["runs"] == [{"seed": seed, "kl": 20.0} for seed in BUDGET.seeds]


def test_a_cell_is_measured_again_for_another_budget_or_more_sequences(
    trained, monkeypatch, tmp_path
):
    monkeypatch.setattr(cells, "read_metrics", lambda path: [{"kl": 1.0}])
    measured = dict.fromkeys((*cells.MEASURED, *cells.BEYOND), 1) | {"nearest": "coin"}
    monkeypatch.setattr(cells, "_measured", lambda run, sequences: measured)
    for budget, sequences, again in (
        (BUDGET, 20, True),
        (BUDGET, 20, False),
        (BUDGET, 21, True),
        (BUDGET._replace(search=17), 21, True),
        (BUDGET._replace(search=17, sequences=33), 21, True),
        (BUDGET._replace(search=17, sequences=33, seeds=(3, 6)), 21, True),
    ):
        trained.clear()
        found = table.measure_cell(CELL, budget, tmp_path, sequences)
        assert bool(trained) == again
        assert (found["measured"], found["budget"]["seeds"]) == (sequences, [*budget.seeds])


def test_beyond_are_the_steps_after_those_of_training_for_each_length_of_it():
    whole = DynamicNGrams(order=2, length=60)
    lost = compare(whole.sample(7, 1), {"optimal": whole.optimal(), "it": coin}).divergence("it")
    later = lost[:, 20:].sum(1) / 2
    mean, error = cells._beyond(TASK, coin, 7).values()
    assert mean == pytest.approx(later.mean())
    assert error == pytest.approx(later.std(ddof=1) / np.sqrt(7))


def test_the_nearest_estimator_is_that_which_the_model_would_lose_least_by():
    """KL(model || estimator) on 40 sequences, and not the other way round."""
    assert cells._nearest(named_predictor("kt-2"), TASK) == ("kt-2", pytest.approx(0, abs=1e-9))
    model = named_predictor("add-3-1")
    name, found = cells._nearest(model, TASK)
    inputs = TASK.sample(40, 1).inputs
    p, q = model(inputs), find_predictor(name, TASK)(inputs)
    bits = p * (p / q).log2() + (1 - p) * ((1 - p) / (1 - q)).log2()
    assert found == pytest.approx(float(bits.sum((1, 2)).mean()))
    assert found > 0.1


def test_scores_are_of_as_many_sequences_as_asked_for_and_not_those_of_validation(monkeypatch):
    asked = []

    def evaluate(task, predictors, sequences=1000, seed=0):
        asked.append((task, sequences, seed))
        raise KeyboardInterrupt

    monkeypatch.setattr(cells, "evaluate", evaluate)
    monkeypatch.setattr(cells, "load_model", lambda path: LSTM(1, 1))
    with pytest.raises(KeyboardInterrupt):
        cells._measured({"path": "it", "seconds": 1.0, "task": TASK}, 7)
    assert asked == [(TASK, 7, 1)]


def test_a_search_whose_run_has_no_gap_ends_with_a_line(trained, monkeypatch, tmp_path):
    monkeypatch.setattr(cells, "read_metrics", lambda path: [{"bits": 1.0}])
    with pytest.raises(InputError, match="its last validation has no kl"):
        table.measure_cell(CELL, BUDGET, tmp_path)

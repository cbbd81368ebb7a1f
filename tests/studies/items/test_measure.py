"""Cost by number of items: of models as `evaluate` has it, and of the seed in the middle."""

from pathlib import Path

import pytest

from ntmlab import DynamicNGrams
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.optimal import ContextKT, coin
from ntmlab.recipes import RECIPES
from ntmlab.runs.results import Result
from ntmlab.studies.items.measure import measured, median_seed


def test_models_cost_at_each_number_what_evaluate_says_of_its_task():
    tasks = {n: DynamicNGrams(order=2, length=n) for n in (9, 15)}
    models = {"coin": coin, "kt-1": ContextKT(1)}
    lines = {line.label: line for line in measured(models, tasks, 30, 5)}
    assert lines["coin"].items.tolist() == lines["coin"].bits.tolist() == [9, 15]
    assert lines["coin"].error.tolist() == [0, 0]
    scores = [evaluate(task, models, 30, 5)["kt-1"] for task in tasks.values()]
    assert lines["kt-1"].bits.tolist() == [score.bits for score in scores]
    assert lines["kt-1"].error.tolist() == [score.bits_se for score in scores]


@pytest.mark.parametrize(
    ("seeds", "middle", "words"), [(3, 2, "3 seeds"), (2, 1, "2 seeds"), (1, 1, "1 seed")]
)
def test_the_seed_in_the_middle_is_another_at_each_number(seeds, middle, words):
    """Of an even number the lower; each with its own error."""

    def result(rank):
        ranks = {6: rank, 20: seeds + 1 - rank}
        sizes = [{"items": n, "bits": 10.0 * r, "bits_se": 1.0 / r} for n, r in ranks.items()]
        return Result(Path(), RECIPES["recall-ntm"], rank, [], {}, None, {"sizes": sizes})

    line = median_seed("ours", [result(rank) for rank in range(1, seeds + 1)])
    assert line.label == f"ours ({words})"
    assert line.items.tolist() == [6, 20]
    assert line.bits.tolist() == [10.0 * middle] * 2
    assert line.error.tolist() == [1.0 / middle] * 2

"""Results of several seeds: which is best."""

from pathlib import Path

import pytest

from ntmlab import InputError
from ntmlab.recipes import own_recipe
from ntmlab.records import append_row, write_object
from ntmlab.runs.folder import FORMAT
from ntmlab.runs.results import (
    Result,
    best_by_validation,
    read_result,
    shipped_recipes,
    shipped_runs,
    validation_cost,
    validation_key,
)
from ntmlab.tasks import Source, make_task


class Unknown(Source):
    """A source that nobody knows the optimum of."""

    name, letters, length = "unknown", 2, 5


@pytest.mark.parametrize(
    ("task", "key"),
    [
        (make_task("dynamic-ngrams"), "kl"),
        (make_task("hmm:mess3"), "kl"),
        (make_task("copy"), "bits"),
        (make_task("sort"), "bits"),
        (Unknown(), "bits"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_seeds_are_ranked_by_what_the_task_makes_comparable(task, key):
    assert validation_key(task) == key


def test_the_best_seed_is_the_first_of_equals():
    recipe = own_recipe("hmm:mess3", "lstm")
    rows = [{"bits": 1.0, "kl": 0.5}, {"bits": 3.0, "kl": 0.1}, {"bits": 2.0, "kl": 0.1}]
    results = [
        Result(Path("x"), recipe, seed, [row], {}, None, {})
        for seed, row in zip((5, 4, 2), rows, strict=True)
    ]
    assert best_by_validation(results).seed == 2


def test_the_best_seed_is_best_at_its_end_and_not_on_the_way():
    recipe = own_recipe("hmm:mess3", "lstm")
    ends = {1: [0.1, 0.9], 2: [0.5, 0.4]}
    results = [
        Result(Path("x"), recipe, seed, [{"bits": 1.0, "kl": kl} for kl in kls], {}, None, {})
        for seed, kls in ends.items()
    ]
    assert best_by_validation(results).seed == 2


def test_a_run_whose_row_has_no_gap_is_named():
    """It was trained when its task knew no optimum."""
    recipe, path = own_recipe("hmm:mess3", "lstm"), Path("runs/old")
    results = [Result(path, recipe, 1, [{"bits": 1.0}], {}, None, {})]
    with pytest.raises(InputError, match=r"runs/old: its last validation has no kl"):
        best_by_validation(results)
    assert validation_cost({"bits": 2, "kl": 1}, "bits", path) == 2.0


def shipped(folder, recipe, seed):
    """The folder of a seed that has its recipe and two rows."""
    path = folder / recipe.name / f"seed{seed}"
    path.mkdir(parents=True)
    write_object(path / "config.json", {"format": FORMAT, "recipe": recipe.to_json(), "seed": seed})
    for sequences, bits in ((16, 2.0), (32, 1.5)):
        append_row(path / "metrics.jsonl", {"sequences": sequences, "bits": bits})
    return path


def test_what_is_shipped_of_a_run_is_read_and_what_is_not_is_empty(tmp_path):
    recipe = own_recipe("hmm:mess3", "lstm")
    path = shipped(tmp_path, recipe, 7)
    rows = [{"sequences": 16, "bits": 2.0}, {"sequences": 32, "bits": 1.5}]
    assert read_result(path) == Result(path, recipe, 7, rows, {}, None, {})
    assert read_result(path).sequences == 32
    write_object(path / "environment.json", {"processor": "P"})
    write_object(path / "score.json", {"bits": 1.25})
    for row in ({"sequences": 16, "seconds": 3.0}, {"sequences": 32, "seconds": 5}, {"pause": 1}):
        append_row(path / "timing.jsonl", row)
    expected = Result(path, recipe, 7, rows, {"processor": "P"}, 5.0, {"bits": 1.25})
    assert read_result(path) == expected
    with pytest.raises(InputError, match="is not a run folder"):
        read_result(tmp_path)


def test_seeds_are_in_order_of_their_numbers(tmp_path):
    """Not of their names; what has no configuration is no run."""
    recipe = own_recipe("hmm:mess3", "lstm")
    paths = [shipped(tmp_path, recipe, seed) for seed in (10, 9, 100)]
    (tmp_path / recipe.name / "seed1").mkdir()
    (tmp_path / "other").mkdir()
    assert shipped_runs(recipe.name, tmp_path) == [paths[1], paths[0], paths[2]]
    assert shipped_recipes(tmp_path) == [recipe.name]
    assert shipped_runs("other", tmp_path) == []

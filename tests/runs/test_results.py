"""Results of several seeds: which is best."""

from pathlib import Path

import pytest

from ntmlab.recipes import own_recipe
from ntmlab.runs.results import Result, best_by_validation, validation_key
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

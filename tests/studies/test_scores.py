"""Numbers of a run's score, and how they are written."""

from pathlib import Path

import pytest

from ntmlab import InputError
from ntmlab.recipes import RECIPES
from ntmlab.runs.results import Result
from ntmlab.studies.items.measure import median_seed
from ntmlab.studies.paper import as_trained
from ntmlab.studies.scores import at, bits, number, show_bits, worst_rate
from ntmlab.studies.seeds import goals

SIZES = [
    {"length": 10, "repeats": 10, "bits": 1.5, "wrong_rate": 0.01},
    {"length": 10, "repeats": 20, "bits": 2.5, "wrong_rate": 0.03},
    {"length": 20, "repeats": 10, "bits": 3.5, "wrong_rate": 0.02},
]
METRICS = [{"sequences": 100}, {"sequences": 200}]
RESULT = Result(
    Path("here"), RECIPES["copy-ntm"], 0, METRICS, {}, None, {"bits": 7, "sizes": SIZES}
)


def test_each_number_is_of_its_size():
    assert bits(RESULT) == 7
    assert at("bits", length=10)(RESULT) == 1.5
    assert at("bits", length=10, repeats=20)(RESULT) == 2.5
    assert at("bits", repeats=10, length=20)(RESULT) == 3.5
    assert worst_rate(10, 20)(RESULT) == 0.02
    assert RESULT.sequences == 200
    with pytest.raises(InputError, match=r"here has no score at .*30"):
        at("bits", length=30)(RESULT)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.012345, "0.012 bits"), (0.5, "0.5 bits"), (1.0, "1.0 bits"), (12.34, "12.3 bits")],
)
def test_bits_below_one_have_two_digits_and_others_one_after_the_point(value, text):
    assert show_bits(value) == text


@pytest.mark.parametrize(
    ("score", "message"),
    [
        ({}, "here/score.json is damaged: it has no"),
        ({"kl": None, "kl_se": "1", "bits": True, "sizes": 3}, "here/score.json is damaged: its"),
        ({"kl": 1.0, "bits": 1.0, "sizes": [{"items": 6}]}, "score.json(| at a size) is damaged"),
        ({"kl": 1.0, "bits": 1.0, "sizes": [4]}, "score.json(| at a size) is damaged"),
    ],
)
@pytest.mark.parametrize(
    "measure",
    [
        lambda result: [bits(result), at("bits", items=6)(result)],
        lambda result: [goals.gap(result), number(result, "kl_se")],
        lambda result: [as_trained.ngrams_claims()[-1].measure(result)],
        lambda result: median_seed("a", [result]),
    ],
    ids=["bits", "gap", "claim", "items"],
)
def test_a_score_that_lacks_a_number_is_a_line(score, message, measure):
    """Each ended in a KeyError or a TypeError."""
    with pytest.raises(InputError, match=message):
        measure(RESULT._replace(score=score))


def test_seeds_scored_at_other_numbers_of_items_are_not_mixed():
    def scored(*items):
        sizes = [{"items": n, "bits": 1.0, "bits_se": 0.1} for n in items]
        return RESULT._replace(score={"sizes": sizes})

    assert median_seed("a", [scored(6, 8), scored(6, 8)]).items.tolist() == [6, 8]
    for other in ((6,), (6, 9)):
        with pytest.raises(InputError, match="here was scored at other numbers of items"):
            median_seed("a", [scored(6, 8), scored(*other)])

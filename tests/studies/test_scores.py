"""Numbers of a run's score, and how they are written."""

from pathlib import Path

import pytest

from ntmlab import InputError
from ntmlab.recipes import RECIPES
from ntmlab.runs.results import Result
from ntmlab.studies.scores import at, bits, show_bits, worst_rate

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

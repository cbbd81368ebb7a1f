"""Bounds of numbers that a user gives: at each, just inside and just outside."""

import math

import pytest

from ntmlab.errors import InputError
from ntmlab.given import check_once, check_probability, check_whole, is_number, is_whole
from ntmlab.models.sizes import (
    MOST_LAYERS,
    MOST_SIZE,
    check_at_least,
    check_finite,
    check_not_negative,
    check_positive,
)
from ntmlab.tasks.ranges import MOST_STEPS, check_range, check_steps

NO_NUMBERS = (True, False, "3", None, [3], 3j)


@pytest.mark.parametrize(("least", "most"), [(0, None), (1, None), (-2, 5), (3, 3)])
def test_a_whole_number_is_one_from_the_least_to_the_most(least, most):
    inside = [least, least + 1] if most is None else [least, most]
    outside = [least - 1, *([] if most is None else [most + 1]), least + 0.5, float(least)]
    for value in inside:
        check_whole("size", value, least, most)
    bound = f"at least {least}" if most is None else f"from {least} to {most}"
    for value in (*outside, *NO_NUMBERS, math.nan):
        with pytest.raises(InputError) as caught:
            check_whole("size", value, least, most)
        assert str(caught.value) == f"size must be a whole number {bound}, not {value!r}"


@pytest.mark.parametrize("certain", [True, False])
def test_a_probability_is_from_0_to_1_or_below_it(certain):
    for value in (0, 0.0, -0.0, 5e-324, 0.5, math.nextafter(1, 0)):
        found = check_probability("hazard", value, certain=certain)
        assert (type(found), found) == (float, value)
    if certain:
        assert check_probability("hazard", 1) == 1
    bounds = "between 0 and 1" if certain else "from 0 to below 1"
    beyond = (-5e-324, math.nextafter(1, 2), 2, -1, math.nan, math.inf)
    for value in (*beyond, *NO_NUMBERS, *([] if certain else [1, 1.0])):
        with pytest.raises(InputError) as caught:
            check_probability("hazard", value, certain=certain)
        assert str(caught.value) == f"hazard must be a probability, {bounds}, not {value!r}"


def test_what_is_a_number_and_what_is_whole():
    assert all(map(is_whole, (0, -1, 10**400)))
    assert not any(map(is_whole, (0.0, math.nan, *NO_NUMBERS)))
    assert all(map(is_number, (0, 0.5, -1, math.nan, math.inf, 10**400)))
    assert not any(map(is_number, NO_NUMBERS))


def test_the_second_of_a_key_is_refused_and_no_first():
    check_once([])
    check_once(["a", "b"])
    with pytest.raises(InputError, match=r"^b is given twice$"):
        check_once(["a", "b", "c", "b"])


@pytest.mark.parametrize("name", ["layers", "controller_layers", "slots"])
def test_sizes_of_models_are_from_the_least_to_what_can_be_meant(name):
    most = MOST_LAYERS if name.endswith("layers") else MOST_SIZE
    assert (MOST_LAYERS, MOST_SIZE) == (1024, 16_777_216)
    for value in (1, 2, most):
        check_positive(**{name: value})
    for value in (0, -1, 1.0, *NO_NUMBERS):
        with pytest.raises(InputError, match=f"^{name} must be a whole number of at least 1, not"):
            check_positive(**{name: value})
    with pytest.raises(InputError, match=f"^{name} must be at most {most:,}, not {most + 1}$"):
        check_positive(**{name: most + 1})
    check_at_least(0, **{name: 0})
    with pytest.raises(InputError, match="at least 2, not 1"):
        check_at_least(2, **{name: 1})


def test_numbers_are_finite_and_not_negative():
    check_finite(bias=-1.5, other=0)
    check_not_negative(scale=0, other=0.0, more=1e300)
    for value in (math.nan, math.inf, -math.inf, *NO_NUMBERS):
        with pytest.raises(InputError, match=r"^bias must be a finite number, not"):
            check_finite(bias=value)
        with pytest.raises(InputError, match=r"^bias must be a finite number, not"):
            check_not_negative(bias=value)
    with pytest.raises(InputError, match=r"^bias must not be negative, not -5e-324$"):
        check_not_negative(bias=-5e-324)


def test_steps_and_ranges_of_tasks():
    check_steps(MOST_STEPS)
    with pytest.raises(InputError, match=r"^sequences of 65,537 steps are too long; at most 65,5"):
        check_steps(MOST_STEPS + 1)
    check_range("length", 1, 1)
    check_range("length", 1, 20)
    check_range("length", 0, 0, floor=0)
    for least, most, floor, said in [
        (0, 0, 1, "^length must be a whole number at least 1, not 0"),
        (0, 5, 1, "^min_length must be a whole number at least 1, not 0"),
        (1, 2.5, 1, "^max_length must be a whole number at least 1, not 2.5"),
        (2, 1, 1, "^min_length 2 is larger than max_length 1"),
    ]:
        with pytest.raises(InputError, match=said):
            check_range("length", least, most, floor)

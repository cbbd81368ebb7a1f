"""Odds of any size, by powers of two worked out by hand."""

import pytest

from ntmlab.streams.reference import Odds


def odds(*factors):
    found = Odds()
    for factor in factors:
        found.multiply(factor)
    return found


@pytest.mark.parametrize(
    ("factors", "shares"),
    [
        ((), (0.5, 0.5)),
        ((3.0,), (0.75, 0.25)),
        ((0.25,), (0.2, 0.8)),
        ((2.0**256,), (1.0, 2.0**-256)),  # the largest that is kept as it is
        ((2.0**256, 2.0), (1.0, 0.0)),
        ((2.0**-256,), (2.0**-256, 1.0)),  # the smallest
        ((2.0**-256, 0.5), (0.0, 1.0)),
    ],
)
def test_shares_are_those_of_the_number(factors, shares):
    assert odds(*factors).shares == pytest.approx(shares, rel=1e-15, abs=0)


def test_a_number_beyond_all_comes_back():
    """Up by 2^1200 and down again, a step at a time and at once; then the other way."""
    for up, down in ((2.0**200, 2.0**-200), (2.0**-200, 2.0**200)):
        found = odds(*[up] * 6)
        assert found.shares == ((1.0, 0.0) if up > 1 else (0.0, 1.0))
        for _ in range(6):
            found.multiply(down)
        assert (found.value, found.scale) == (1.0, 0)
        assert found.shares == (0.5, 0.5)


def test_the_scale_is_the_number_of_times_that_it_was_left():
    found = odds(*[2.0**200] * 6)  # 2^1200 is 2^176 · 2^(512 · 2)
    assert (found.value, found.scale) == (2.0**176, 2)
    found = odds(*[2.0**-200] * 6)
    assert (found.value, found.scale) == (2.0**-176, -2)

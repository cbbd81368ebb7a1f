"""The look that all figures share."""

import math

import pytest

from ntmlab.figures.style import plain


@pytest.mark.parametrize(
    ("power", "label"),
    [
        (-9, "1e-9"),
        (-6, "1e-6"),
        (-5, "0.00001"),
        (-4, "0.0001"),
        (-1, "0.1"),
        (0, "1"),
        (3, "1000"),
    ],
)
def test_the_label_of_a_power_of_ten_does_not_hang_on_the_last_bit(power, label):
    exact = 10.0**power
    for x in (math.nextafter(exact, 0), exact, math.nextafter(exact, math.inf)):
        assert plain(x) == label

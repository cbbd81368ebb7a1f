"""Which later inputs are changed: all of short ones, those about borders, few if slow."""

import pytest

from ntmlab.evaluation.checks.causality import BORDERS, _steps
from ntmlab.evaluation.checks.probes import Probes

ABOUT = sorted({1, 198, 199} | {b + d for b in BORDERS for d in (-1, 0, 1, 2)})
BACK = BORDERS[::-1]  # from the last on: 192, 160, 128, 96, 64, 32, 16, 8


class Timed(Probes):
    """Of which only is known how long a row of 200 steps takes."""

    def __init__(self, seconds):
        self.letters, self.seconds = 2, {200: 4 * seconds}


def test_all_steps_of_what_is_short_or_at_random_and_those_about_borders_of_others():
    fast = Timed(0)
    assert _steps(fast, 67, 0, alone=False) == list(range(1, 67))
    assert _steps(fast, 200, 1, alone=False) == list(range(1, 200))
    for row in (0, 2, 3):
        assert _steps(fast, 200, row, alone=False) == ABOUT
    assert len(ABOUT) == 1 + 2 + 4 * 8


@pytest.mark.parametrize(
    ("seconds", "row", "alone", "expected"),
    [
        # 3 seconds are for 2 passes, as it is and changed, of 4 rows a step each,
        (0.375 / 10.5, 0, False, [199, 1, *BACK]),
        # or of a quarter of one where many are asked together.
        (6 / 12.5, 1, False, [199, 1, *BACK, 193, 161]),
        (6 / 20.5, 1, False, [199, 1, *BACK, *(b + 1 for b in BACK), 191, 159]),
        (100, 1, False, [199, 1, *BACK[:6]]),  # at least 8
        (100, 1, True, [199, 1, *BACK[:6]]),
        (0, 1, True, [199, 1, *BACK, *(b + 1 for b in BACK), *(b - 1 for b in BACK[:6])]),  # 24
    ],
)
def test_of_what_is_slow_the_ends_come_first_then_borders_from_the_last_on(
    seconds, row, alone, expected
):
    assert _steps(Timed(seconds), 200, row, alone=alone) == sorted(expected)

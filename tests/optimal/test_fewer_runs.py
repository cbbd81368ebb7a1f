"""Change points of which the likeliest runs alone are kept, by hand."""

import numpy as np
import pytest

from ntmlab.optimal.change_points import ChangePoints

STAYS, CHANGES = 0.7, 0.3


def after(most_runs, word):
    exact = ChangePoints(hazard=CHANGES, prior=0.5, most_runs=most_runs)
    state = exact.start(1)
    for letter in word:
        state = exact.update(state, np.array([letter]))
    return exact.describe(state)["run_length"][0], exact.predict(state)[0]


def test_of_one_run_nothing_is_unsure():
    lengths, said = after(1, [1, 1, 1])
    assert lengths == pytest.approx([0, 0, 0, 1])
    assert said == pytest.approx([0.5 / 4, 3.5 / 4])


def test_of_three_runs_the_two_likeliest_share_what_is_left():
    lengths, said = after(2, [1])
    assert lengths == pytest.approx([CHANGES, STAYS])
    assert said[1] == pytest.approx(CHANGES * 0.5 + STAYS * 0.75)
    # Another 1 comes with 3/4 in the long run and 1/2 in the new one, 7 to 2; the shorter one goes.
    long, new = STAYS * 7 / 9, CHANGES
    lengths, said = after(2, [1, 1])
    assert lengths == pytest.approx([new / (long + new), 0, long / (long + new)])
    assert said[1] == pytest.approx((new * 0.5 + long * 2.5 / 3) / (long + new))


@pytest.mark.parametrize("most_runs", [1, 2, 3, 50, None])
def test_runs_have_a_chance_of_one_together(most_runs):
    word = np.random.default_rng(0).integers(0, 2, 40)
    lengths, said = after(most_runs, word)
    assert (lengths.sum(), said.sum()) == (pytest.approx(1), pytest.approx(1))
    assert (lengths > 0).sum() == min(most_runs or 41, 41)

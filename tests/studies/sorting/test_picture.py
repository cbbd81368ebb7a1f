"""Writes on a ring of slots against priorities, fitted and drawn."""

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.studies.sorting.measure import fit_priority, unrolled
from ntmlab.studies.sorting.picture import sort_example, sort_fit, sort_use


def random(*shape):
    return np.random.default_rng(0).random(shape)


def test_a_line_about_the_ring_is_found():
    """Locations that pass slot 0 are one line, not two."""
    priorities = np.linspace(-1, 1, 20)
    places = np.rint(10 * priorities).astype(int) % 64
    weightings = np.eye(64)[places]
    fit = fit_priority(priorities, weightings)
    assert fit.slope == pytest.approx(10, abs=0.5)
    assert fit.r_squared > 0.99
    assert abs((fit.predicted - places + 32) % 64 - 32).max() < 1
    shuffled = np.random.default_rng(0).permutation(priorities)
    assert fit_priority(shuffled, weightings).r_squared < 0.4
    assert unrolled(np.array([3, 3]), 8).tolist() == [3, 3]
    flat = fit_priority(priorities, np.eye(64)[np.zeros(20, int)])
    assert np.isnan(flat.r_squared)


def test_sort_figures_name_axes_and_r_squared():
    priorities = np.linspace(-1, 1, 8)
    weightings = np.eye(16)[np.arange(8)]
    fit = fit_priority(priorities, weightings)
    axes = sort_use(fit, weightings, random(5, 16))
    assert f"R² = {fit.r_squared:.3f}" in axes[0].get_title()
    np.testing.assert_array_equal(axes[1].images[0].get_array(), weightings[:, :8].T)
    assert axes[2].images[0].get_array().shape == (16, 5)  # reads have slots of their own
    for ax in axes[:2]:
        (rings,) = [line for line in ax.lines if line.get_gid() == "written most"]
        assert list(rings.get_ydata()) == list(range(8))
    assert axes[0].get_ylabel() == "slot"
    assert axes[0].get_yticklabels()[0].get_text() == "0"
    assert axes[2].get_yticklabels()[0].get_text() == "11"  # slot 3 stands in the middle of 16
    assert len(axes) == 3
    *_, drawn = sort_use(fit, weightings, random(5, 16), priorities=priorities)
    np.testing.assert_array_equal(drawn.lines[0].get_xdata(), priorities)
    assert f"R² = {fit.r_squared:.3f}" in drawn.get_legend().get_texts()[1].get_text()
    assert sort_fit(priorities, fit).get_xlabel() == "priority"
    turned = np.eye(16)[(np.arange(8) + 12) % 16]  # slots 12 to 15 and 0 to 3, and no other
    axes = sort_use(fit_priority(priorities, turned), turned, turned[:5])
    shown = np.roll(turned, 4, 1)[:, :8]
    np.testing.assert_array_equal(axes[1].images[0].get_array(), shown.T)
    np.testing.assert_array_equal(axes[2].images[0].get_array(), shown[:5, :5].T)
    top, left, right = sort_example(random(8, 5), random(3, 4))
    assert len(top.patches) == 8
    assert left.images[0].get_array().shape == (4, 8)
    assert right.images[0].get_array().shape == (4, 3)
    targets = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    said = {"A": targets, "B": np.abs(targets - [[0, 0], [0.9, 0], [0, 0]])}
    *_, right, good, bad = sort_example(random(8, 3), targets, said)
    np.testing.assert_array_equal(bad.images[0].get_array(), said["B"].T)
    assert good.get_title(loc="left") == "A: no wrong bit"
    assert bad.get_title(loc="left") == "B: 1 of 6 bits wrong"
    assert [p.get_xy() for p in bad.patches if p.get_gid() == "wrong"] == [(0.5, -0.5)]
    assert not [p for p in good.patches if p.get_gid() == "wrong"]
    with pytest.raises(InputError, match="three or more"):
        fit_priority(priorities[:2], weightings[:2])

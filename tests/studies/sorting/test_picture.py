"""Writes on a ring of slots against priorities, fitted and drawn."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ntmlab import InputError
from ntmlab.figures.width import printed_at
from ntmlab.studies.sorting.measure import FIT_SEQUENCES, fit_priority, sort_writes, unrolled
from ntmlab.studies.sorting.picture import sort_example, sort_fit, sort_use
from ntmlab.tasks import Copy, PrioritySort


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
    assert ((fit.predicted >= 0) & (fit.predicted < 64)).all()
    shuffled = np.random.default_rng(0).permutation(priorities)
    assert fit_priority(shuffled, weightings).r_squared < 0.4
    assert unrolled(np.array([3, 3]), 8).tolist() == [3, 3]
    flat = fit_priority(priorities, np.eye(64)[np.zeros(20, int)])
    assert np.isnan(flat.r_squared)


def test_the_head_that_follows_priority_is_chosen_of_several():
    """Of three heads the second writes where priority says, the others at two slots in turn."""
    task = PrioritySort(count=6, kept=4, width=3)
    drawn = task.sample(FIT_SEQUENCES, 5)
    priorities = drawn.inputs[:, :6, 3].numpy()
    writes = np.zeros((FIT_SEQUENCES, task.steps, 3, 32))
    place = np.rint(10 + 8 * priorities).astype(int)
    rows, steps = np.indices(place.shape)
    writes[rows, steps, 1, place] = 1
    writes[rows, steps, 0, steps % 2] = writes[rows, steps, 2, 7 + steps % 2] = 1
    reads = np.random.default_rng(0).random((FIT_SEQUENCES, task.steps, 2, 32))
    trace = SimpleNamespace(
        write_weightings=torch.from_numpy(writes), read_weightings=torch.from_numpy(reads)
    )
    found = sort_writes(SimpleNamespace(trace=lambda inputs: trace), task, 5)
    assert found.head == 1
    assert found.r_squared.shape == (FIT_SEQUENCES, 3)
    assert found.r_squared[:, 1].min() > 0.95
    np.testing.assert_allclose(found.priorities, priorities[0])
    np.testing.assert_array_equal(found.write_weightings, writes[0, :6, 1])
    np.testing.assert_allclose(found.read_weightings, reads[0, -4:].sum(1))
    assert found.fit.slope == pytest.approx(8, abs=1)
    # On the first sequence another follows better; a head at one slot explains nothing of none.
    writes[0, :, 2], writes[0, :, 1] = writes[0, :, 1], 0
    writes[0, np.arange(6), 1, [0, 9, 2, 7, 1, 5]] = 1
    writes[:, :, 0] = np.eye(32)[4]
    found = sort_writes(SimpleNamespace(trace=lambda inputs: trace), task, 5)
    assert found.head == 1
    assert found.r_squared[0, 1] < found.r_squared[0, 2]
    assert np.isnan(found.r_squared[:, 0]).all()
    with pytest.raises(InputError, match="is for task sort, not copy"):
        sort_writes(None, Copy())


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


@pytest.mark.parametrize("several", [3, 4])
@pytest.mark.parametrize(("width", "rows"), [(None, 1), (7.0, 2), (3.3, 2)])
def test_panels_stand_in_rows_that_are_wide_enough(several, width, rows):
    priorities = np.linspace(-1, 1, 8)
    weightings = np.eye(16)[np.arange(8)]
    given = priorities if several == 4 else None
    with printed_at(width):
        axes = sort_use(
            fit_priority(priorities, weightings), weightings, weightings, priorities=given
        )
    assert len(axes) == several
    places = [ax.get_position() for ax in axes]
    beside = several if rows == 1 else 2
    assert [len({round(p.y0, 3) for p in places}), len({round(p.x0, 3) for p in places})] == [
        rows,
        beside,
    ]
    inches = axes[0].get_figure(root=True).get_size_inches()[0]
    assert inches == pytest.approx(width) if width else inches >= 2 * several  # a panel, and more

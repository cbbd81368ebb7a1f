"""Figures of copy, repeat copy, recall and sort: what the artists show."""

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.figures.generalise import Pair, generalise, packed, wrong
from ntmlab.figures.items import ItemsLine, cost_by_items
from ntmlab.figures.machine import Box, MachineUse, machine, used
from ntmlab.figures.sorting import fit_priority, sort_example, sort_fit, sort_use, unrolled


def random(*shape):
    return np.random.default_rng(0).random(shape)


def test_wrong_bits_are_framed_where_they_are():
    targets = np.array([[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    outputs = np.array([[0.1, 0.9], [0.2, 0.8], [0.6, 0.4]])
    ((upper, lower),) = generalise([Pair("length 3", targets, outputs)])
    assert wrong(Pair("", targets, outputs)).tolist() == [[1, 0], [2, 0]]
    frames = [p for p in lower.patches if p.get_gid() == "wrong"]
    assert [p.get_xy() for p in frames] == [(0.5, -0.5), (1.5, -0.5)]
    assert "2 wrong of 6 bits" in upper.get_title(loc="left")
    np.testing.assert_array_equal(upper.images[0].get_array(), targets.T)
    np.testing.assert_array_equal(lower.images[0].get_array(), outputs.T)


def test_short_pairs_share_a_row():
    assert packed([10, 20, 30, 50, 120]) == [[0, 1, 2, 3], [4]]
    assert packed([5]) == [[0]]
    sizes = [10, 20, 30, 50, 120]
    pairs = [Pair(f"length {n}", np.zeros((n, 8)), np.zeros((n, 8))) for n in sizes]
    axes = generalise(pairs)
    assert len(axes) == 5
    assert all("no wrong bit" in upper.get_title(loc="left") for upper, _ in axes)


def test_wrong_pairs_are_refused():
    with pytest.raises(InputError, match="no target"):
        generalise([])
    with pytest.raises(InputError, match="length 2"):
        generalise([Pair("length 2", np.zeros((2, 3)), np.zeros((3, 3)))])


def use(write_heads=1, read_heads=1):
    weightings = np.zeros((6, write_heads, 9))
    weightings[np.arange(6), :, np.arange(6)] = 1
    return MachineUse(
        random(6, 3),
        random(6, 2),
        random(6, write_heads, 4),
        weightings,
        random(6, read_heads, 4),
        np.zeros((6, read_heads, 9)),
    )


def test_a_machine_of_one_head_stands_in_two_columns():
    one = use()
    axes = machine(one)
    assert list(axes) == [
        "inputs",
        "outputs",
        "add vectors",
        "read vectors",
        "write weightings",
        "read weightings",
    ]
    assert used(one).tolist() == [0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(axes["inputs"].images[0].get_array(), one.inputs.T)
    shown = axes["write weightings"].images[0].get_array()
    np.testing.assert_array_equal(shown, one.write_weightings[:, 0, :6].T)
    assert axes["write weightings"].get_ylabel() == "slot"
    assert axes["add vectors"].get_ylabel() == "component"


def test_several_heads_stand_side_by_side_and_boxes_frame_theirs():
    boxes = [
        Box("inputs", None, (1, 2), None, "green", "query"),
        Box("write weightings", 1, (3, 3), (3, 3), "red", "written"),
        Box("write weightings", 0, (3, 3), (8, 8), "red", "slot not shown"),
        Box("read vectors", None, (0, 1), (1, 2), "black", "every head"),
    ]
    axes = machine(use(2, 3), boxes=boxes)
    assert {"add vectors 1", "add vectors 2", "read weightings 3"} <= set(axes)
    (frame,) = axes["write weightings 2"].patches
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((2.5, 2.5), 1, 1)
    assert not axes["write weightings 1"].patches
    assert all(len(axes[f"read vectors {h}"].patches) == 1 for h in (1, 2, 3))
    (whole,) = axes["inputs"].patches
    assert (whole.get_xy(), whole.get_width(), whole.get_height()) == ((0.5, -0.5), 2, 3)


def test_slots_left_out_are_marked_and_boxes_explained():
    skipping = use()
    skipping.write_weightings[5] = np.eye(9)[8]
    boxes = [
        Box("inputs", None, (0, 1), None, "green", "query"),
        Box("outputs", None, (0, 1), None, "red", "target"),
        Box("outputs", None, (3, 4), None, "red", "answer"),
        Box("outputs", None, (4, 5), None, "red", "answer"),
    ]
    axes = machine(skipping, boxes=boxes)
    assert used(skipping).tolist() == [0, 1, 2, 3, 4, 8]
    for name, gaps in [("write weightings", [4.5]), ("read weightings", [4.5]), ("inputs", [])]:
        lines = [line for line in axes[name].lines if line.get_gid() == "left out"]
        assert [line.get_ydata()[0] for line in lines] == gaps
    (legend,) = axes["inputs"].get_figure().legends
    assert [text.get_text() for text in legend.get_texts()] == ["query", "target, answer"]
    assert not machine(use())["inputs"].get_figure().legends


def test_wrong_machines_are_refused():
    with pytest.raises(InputError, match="use of a machine"):
        machine(use()._replace(reads=random(5, 1, 4)))
    with pytest.raises(InputError, match="no panel"):
        machine(use(), boxes=[Box("keys", None, (0, 0), None, "red", "")])


def test_cost_by_items_draws_means_and_errors():
    items = np.array([6.0, 10.0, 15.0])
    lines = [ItemsLine("NTM", items, items / 10, items / 100)]
    ax = cost_by_items(lines, trained=6)
    np.testing.assert_array_equal(ax.containers[0].lines[0].get_xdata(), items)
    assert ax.get_xlabel() == "items in a sequence"
    assert "bits" in ax.get_ylabel()
    with pytest.raises(InputError, match="no model"):
        cost_by_items([])
    with pytest.raises(InputError, match="as many"):
        cost_by_items([ItemsLine("x", items, items[:2], items)])


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
    np.testing.assert_array_equal(axes[1].images[0].get_array(), np.roll(weightings, 5, 1).T)
    assert axes[0].get_ylabel() == "slot"
    assert axes[0].get_yticklabels()[0].get_text() == "11"  # slot 3 stands in the middle of 16
    assert len(axes) == 3
    *_, drawn = sort_use(fit, weightings, random(5, 16), priorities=priorities)
    np.testing.assert_array_equal(drawn.lines[0].get_xdata(), priorities)
    assert f"R² = {fit.r_squared:.3f}" in drawn.get_legend().get_texts()[1].get_text()
    assert sort_fit(priorities, fit).get_xlabel() == "priority"
    turned = np.eye(16)[(np.arange(8) + 12) % 16]  # slots 12 to 15 and 0 to 3, and no other
    axes = sort_use(fit_priority(priorities, turned), turned, turned[:5])
    shown = np.roll(turned, 4, 1)[:, :8]
    np.testing.assert_array_equal(axes[1].images[0].get_array(), shown.T)
    np.testing.assert_array_equal(axes[2].images[0].get_array(), shown[:5].T)
    top, left, right = sort_example(random(8, 5), random(3, 4))
    assert len(top.patches) == 8
    assert left.images[0].get_array().shape == (4, 8)
    assert right.images[0].get_array().shape == (4, 3)
    with pytest.raises(InputError, match="three or more"):
        fit_priority(priorities[:2], weightings[:2])

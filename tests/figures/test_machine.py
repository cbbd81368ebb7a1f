"""A machine at work on one sequence: what the artists show."""

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.figures.machine import Box, MachineUse, machine, used


def random(*shape):
    return np.random.default_rng(0).random(shape)


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


def frames(ax):
    return [patch for patch in ax.patches if patch.get_gid() != "casing"]


def test_frames_are_told_by_their_dashes_where_colour_is_none():
    looks = {"-": "target", (0, (3, 1.5)): "query"}
    boxes = [Box("inputs", None, (1, 2), None, "red", about, look) for look, about in looks.items()]
    ax = machine(use(), boxes=boxes)["inputs"]
    solid, dashed = [frame.get_linestyle() for frame in frames(ax)]
    assert solid in ("-", "solid")
    assert dashed == (0, (3, 1.5))
    (legend,) = ax.get_figure().legends
    assert [text.get_text() for text in legend.get_texts()] == ["target", "query"]  # of one colour


def test_several_heads_stand_side_by_side_and_boxes_frame_theirs():
    boxes = [
        Box("inputs", None, (1, 2), None, "green", "query"),
        Box("write weightings", 1, (3, 3), (3, 3), "red", "written"),
        Box("write weightings", 0, (3, 3), (8, 8), "red", "slot not shown"),
        Box("read vectors", None, (0, 1), (1, 2), "black", "every head"),
    ]
    axes = machine(use(2, 3), boxes=boxes)
    assert {"add vectors 1", "add vectors 2", "read weightings 3"} <= set(axes)
    (frame,) = frames(axes["write weightings 2"])
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((2.5, 2.5), 1, 1)
    assert not frames(axes["write weightings 1"])
    assert all(len(frames(axes[f"read vectors {h}"])) == 1 for h in (1, 2, 3))
    (whole,) = frames(axes["inputs"])
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
    assert [text.get_text() for text in legend.get_texts()] == [
        "query",
        "target, answer",
        "slots that no head uses are left out",
    ]
    assert not machine(use())["inputs"].get_figure().legends


def test_wrong_machines_are_refused():
    with pytest.raises(InputError, match="use of a machine"):
        machine(use()._replace(reads=random(5, 1, 4)))
    with pytest.raises(InputError, match="no panel"):
        machine(use(), boxes=[Box("keys", None, (0, 0), None, "red", "")])


def test_a_slot_after_those_left_out_has_its_number():
    """Copy's machine uses slots 0 to 39 and 127: of the last nothing else told the number."""
    weightings = np.zeros((41, 1, 128))
    weightings[np.arange(41), 0, [*range(40), 127]] = 1
    one = MachineUse(random(41, 9), random(41, 8), *[random(41, 1, 4), weightings] * 2)
    ax = machine(one)["write weightings"]
    numbers = [(int(row), text.get_text()) for row, text in ticks(ax)]
    assert numbers[0] == (0, "0")
    assert numbers[-1] == (40, "127")
    assert all(int(text) == row for row, text in numbers[:-1])
    assert min(np.diff([row for row, _ in numbers])) >= 3  # of six, none runs into another


def ticks(ax):
    return zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)

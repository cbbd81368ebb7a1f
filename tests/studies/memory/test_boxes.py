"""What is framed in the picture of associative recall, on machines made by hand."""

import numpy as np
import pytest

from ntmlab.figures.machine import MachineUse
from ntmlab.sequences import Sequences
from ntmlab.studies.memory.boxes import ADDED, boxes_of
from ntmlab.tasks import Copy, Recall

TASK = Recall(width=3, item_length=2, min_items=3, max_items=5)
SLOTS = 16


def use_of(drawn: Sequences, write_heads: int = 1, read_heads: int = 1) -> MachineUse:
    """A machine whose write head h stands h slots beyond that of the step's number."""
    inputs = drawn.inputs[0].double().numpy()
    steps = np.arange(len(inputs))
    writes = np.zeros((len(inputs), write_heads, SLOTS))
    for head in range(write_heads):
        writes[steps, head, (steps + head) % SLOTS] = 0.9
    vectors = [np.zeros((len(inputs), heads, 4)) for heads in (write_heads, read_heads)]
    reads = np.full((len(inputs), read_heads, SLOTS), 1 / SLOTS)
    outputs = drawn.targets[0].double().numpy()
    return MachineUse(inputs, outputs, vectors[0], writes, vectors[1], reads)


def spans(boxes, panel, about):
    return [box.steps for box in boxes if (box.panel, box.about) == (panel, about)]


@pytest.mark.parametrize("seed", range(6))
def test_frames_stand_where_the_sequence_has_what_they_are_about(seed):
    drawn = TASK.sample(1, seed)
    boxes = boxes_of(TASK, use_of(drawn), seed)
    vectors, marks = drawn.inputs[0, :, : TASK.width], drawn.inputs[0, :, TASK.width :]
    scored = np.flatnonzero(drawn.mask[0])

    ((first, last),) = spans(boxes, "inputs", "query item")
    between = np.flatnonzero(marks[:, 1])  # the two query delimiters
    assert (first, last) == (between[0] + 1, between[1] - 1)

    ((start, end),) = spans(boxes, "inputs", "target item")
    assert vectors[start : end + 1].equal(drawn.targets[0, scored])
    assert spans(boxes, "add vectors", ADDED) == [(start - 1, start - 1)]
    assert marks[start - 1].tolist() == [1, 0]  # the delimiter between both items
    assert vectors[first : last + 1].equal(vectors[start - 3 : start - 1])

    assert spans(boxes, "read weightings", "read while answering") == [(scored[0], scored[-1])]
    written = [box for box in boxes if box.about == "where it was written"]
    assert [box.steps for box in written] == [(step, step) for step in range(start, end + 1)]
    assert [box.rows for box in written] == [box.steps for box in written]
    assert {box.head for box in boxes} == {None}


def test_every_head_of_several_has_frames_of_its_own():
    boxes = boxes_of(TASK, use_of(TASK.sample(1, 0), write_heads=2, read_heads=3), 0)
    written = [box for box in boxes if box.panel == "write weightings"]
    assert [box.head for box in written] == [0, 0, 1, 1]
    assert [box.rows[0] - box.steps[0] for box in written] == [0, 0, 1, 1]
    assert [box.head for box in boxes if box.panel == "read weightings"] == [0, 1, 2]


def test_other_tasks_have_no_frames():
    assert boxes_of(Copy(), use_of(TASK.sample(1, 0)), 0) == []

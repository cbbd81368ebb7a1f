"""What is framed in the picture of associative recall."""

from typing import Final

from ntmlab.figures.machine import Box, MachineUse
from ntmlab.figures.style import ARROW_RED
from ntmlab.sequences import Task
from ntmlab.tasks import Recall

QUERY_GREEN: Final = "#009e73"
KEY_BLACK: Final = "#000000"
DASHED: Final = (0, (3, 1.5))
DOTTED: Final = (0, (1, 1))
ADDED: Final = "added after the query's item"


def boxes_of(task: Task, use: MachineUse, seed: int) -> list[Box]:
    """What is framed on the first sequence of a seed; nothing for other tasks."""
    return recall_boxes(task, use, seed) if isinstance(task, Recall) else []


def recall_boxes(task: Recall, use: MachineUse, seed: int) -> list[Box]:
    """The query item in green, the target item and the slots it was written to in red, the key.

    The key is what the machine adds at the delimiter after the item that the query repeats.
    """
    slot, size = task.item_length + 1, task.item_length
    items = int(use.inputs[:, -2].sum())
    query = int(task.queries(1, seed)[0])
    shown = (items * slot + 1, items * slot + size)
    target = ((query + 1) * slot + 1, (query + 1) * slot + size)
    key = (query + 1) * slot
    answer = (items * slot + slot + 1, items * slot + slot + size)
    boxes = [
        Box("inputs", None, shown, None, QUERY_GREEN, "query item", DASHED),
        Box("inputs", None, target, None, ARROW_RED, "target item"),
        Box("add vectors", None, (key, key), None, KEY_BLACK, ADDED, DOTTED),
    ]
    several = use.adds.shape[1] > 1
    for head in range(use.adds.shape[1]):
        for offset in range(size):
            step = target[0] + offset
            place = int(use.write_weightings[step, head].argmax())
            where = ("write weightings", head if several else None)
            boxes.append(
                Box(*where, (step, step), (place, place), ARROW_RED, "where it was written")
            )
    for head in range(use.reads.shape[1]):
        where = ("read weightings", head if use.reads.shape[1] > 1 else None)
        boxes.append(Box(*where, answer, None, ARROW_RED, "read while answering"))
    return boxes

"""Where a machine writes what it is to sort: locations against priorities.

Legend: K vectors, N slots, B sequences, H write heads, A answer steps.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.models import NTM
from ntmlab.sequences import Task
from ntmlab.tasks import PrioritySort

FIT_SEQUENCES = 100  # over which the fit of write locations is averaged, and its head chosen


class PriorityFit(NamedTuple):
    """A straight line from priority to the slot written, by least squares, on a ring of slots."""

    slope: float  # slots per unit of priority
    offset: float  # slot at priority 0
    r_squared: float  # part of the variance of locations that the line explains
    predicted: Array  # (K,) slots of the line, within 0..N
    locations: Array  # (K,) slots written, turned about the ring to lie about the line


def fit_priority(priorities: Array, weightings: Array) -> PriorityFit:
    """The fit of the slot most written at each step to the priority given there.

    ``priorities`` is (K,), ``weightings`` (K, N). The memory is a ring: slot N - 1 stands beside
    slot 0. So locations are first cut where the ring has its widest unwritten stretch. Raises
    InputError for fewer than three vectors.
    """
    if np.ndim(priorities) != 1 or len(priorities) != len(weightings) or len(priorities) < 3:
        raise InputError("a fit needs three or more priorities, and a weighting for each")
    ring = weightings.shape[1]
    place = unrolled(weightings.argmax(1), ring)
    slope, offset = np.polyfit(priorities, place, 1)
    line = slope * np.asarray(priorities) + offset
    total = float(((place - place.mean()) ** 2).sum())
    r_squared = 1 - float(((place - line) ** 2).sum()) / total if total > 0 else float("nan")
    return PriorityFit(float(slope), float(offset), r_squared, line % ring, place)


def unrolled(slots: NDArray[np.int64], ring: int) -> Array:
    """Slots as numbers on a line, the ring cut in its widest stretch without any.

    >>> unrolled(np.array([126, 1, 127]), 128).tolist()
    [126.0, 129.0, 127.0]
    """
    there = np.unique(slots)
    stretches = np.diff(np.append(there, there[0] + ring))
    first = there[(int(stretches.argmax()) + 1) % len(there)]
    return np.where(slots < first, slots + ring, slots).astype(np.float64)


class SortWrites(NamedTuple):
    """What one machine wrote and read on a sequence to sort, of the head that follows priority."""

    head: int
    priorities: Array  # (K,)
    fit: PriorityFit
    write_weightings: Array  # (K, N)
    read_weightings: Array  # (A, N), summed over heads
    r_squared: Array  # (B, H) of every sequence and write head


def sort_writes(model: NTM, task: Task, seed: int = 0) -> SortWrites:
    """The first sequence of a seed, and the fits of the first hundred.

    Of several write heads it is the one whose location follows priority best over the hundred.
    Raises InputError for another task than sorting by priority.
    """
    if not isinstance(task, PrioritySort):
        raise InputError(f"the fit of locations on priorities is for task sort, not {task.name}")
    drawn = task.sample(FIT_SEQUENCES, seed)
    with torch.no_grad():
        trace = model.trace(drawn.inputs)
    writes = trace.write_weightings[:, : task.count].double().numpy()
    priorities = drawn.inputs[:, : task.count, task.width].double().numpy()
    quality = np.array(
        [
            [fit_priority(p, w[:, head]).r_squared for head in range(writes.shape[2])]
            for p, w in zip(priorities, writes, strict=True)
        ]
    )
    head = int(np.nan_to_num(quality).mean(0).argmax())
    fit = fit_priority(priorities[0], writes[0, :, head])
    reads = trace.read_weightings[0, task.count + 1 :].double().numpy().sum(1)
    return SortWrites(head, priorities[0], fit, writes[0, :, head], reads, quality)

"""What a picture of memory use shows, before anything is drawn: its images from top to bottom.

Legend: T time, V write heads, R read heads, W slot width, N slots.
"""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.figures.width import in_column

USED: Final = 0.1  # a slot counts as used where a weighting reaches this
FAINT: Final = 0.5  # exponent of the grey scale of weightings: one of 0.01 is seen
# Inches of a panel of slots: in a column all panels together are as high as a page of print.
TALLEST, TALLEST_IN_COLUMN = 3.4, 2.4

Slots = Literal["all", "used", "first use"] | Sequence[int]


class MemoryUse(NamedTuple):
    """What an NTM did on one sequence: parts of its trace, and its predictions."""

    adds: Array  # (T, V, W)
    write_weightings: Array  # (T, V, N)
    read_weightings: Array  # (T, R, N)
    predictions: Array  # (T,), P(bit t = 1)


class Panel(NamedTuple):
    """One image over time."""

    name: str
    values: Array  # (rows, T)
    limits: tuple[float, float]  # the values of white and black
    unit: str  # what a row is
    ticks: list[str]  # numbers of the rows; none for a single one
    inches: float  # height
    exponent: float = 1.0  # of the grey scale; below 1 small values are seen


def used_slots(use: MemoryUse, steps: range, *, floor: float = USED) -> NDArray[np.int64]:
    """Slots whose largest weighting, read or write, reaches ``floor``, in order of first use."""
    weightings = np.concatenate([use.read_weightings, use.write_weightings], axis=1)
    used = weightings[steps.start : steps.stop].max(1) >= floor  # (shown, N)
    found = np.flatnonzero(used.any(0))
    return found[np.argsort(used[:, found].argmax(0), kind="stable")]


def chosen_slots(use: MemoryUse, slots: Slots, steps: range) -> NDArray[np.int64]:
    """The slots to show, (S,), from top to bottom."""
    every = np.arange(use.read_weightings.shape[2])
    if isinstance(slots, str):
        if slots not in ("all", "used", "first use"):
            raise InputError(f"slots are 'all', 'used', 'first use' or a list, not {slots!r}")
        found = every if slots == "all" else used_slots(use, steps)
        chosen = np.sort(found) if slots == "used" else found
        return chosen if len(chosen) else every
    chosen = np.asarray(slots, dtype=np.int64)
    if len(chosen) == 0 or not np.isin(chosen, every).all():
        raise InputError(f"slots must be numbers from 0 to {len(every) - 1}, not {list(slots)}")
    return chosen


def chosen_heads(use: MemoryUse, read_head: int | None, write_head: int | None) -> MemoryUse:
    """The use of one head of a kind, or of all where none is chosen."""

    def choose(head: int | None, count: int, name: str) -> slice:
        if head is not None and not 0 <= head < count:
            raise InputError(f"there is no {name} head {head}; choose from 0 to {count - 1}")
        return slice(None) if head is None else slice(head, head + 1)

    reads = choose(read_head, use.read_weightings.shape[1], "read")
    writes = choose(write_head, use.write_weightings.shape[1], "write")
    return use._replace(
        adds=use.adds[:, writes],
        write_weightings=use.write_weightings[:, writes],
        read_weightings=use.read_weightings[:, reads],
    )


def arrange_panels(
    use: MemoryUse, bits: Array, slots: NDArray[np.int64], steps: range
) -> list[Panel]:
    """The panels from top to bottom."""
    shown = slice(steps.start, steps.stop)
    reach = float(np.abs(use.adds[shown]).max(initial=0.0)) or 1.0
    components = [str(i) for i in range(use.adds.shape[2])]
    tall = min(TALLEST_IN_COLUMN if in_column() else TALLEST, max(0.8, 0.05 * len(slots)))

    slot_names, every = [str(slot) for slot in slots], use.read_weightings.shape[2]
    unit = "slot" if len(slots) == every else f"slot ({len(slots)} of {every} shown)"

    def weightings(name: str, values: Array) -> list[Panel]:
        each = _by_head(name, values[shown][:, :, slots])
        return [Panel(n, v, (0, 1), unit, slot_names, tall, FAINT) for n, v in each]

    adds = _by_head("add vectors", use.adds[shown])
    return [
        *(Panel(n, v, (-reach, reach), "component", components, 1.1) for n, v in adds),
        *weightings("write weightings", use.write_weightings),
        Panel("predictions", use.predictions[np.newaxis, shown], (0, 1), "", [], 0.3),
        Panel("inputs", bits[np.newaxis, shown], (0, 1), "", [], 0.3),
        *weightings("read weightings", use.read_weightings),
    ]


def _by_head(name: str, values: Array) -> list[tuple[str, Array]]:
    """The images (rows, T) of (T, heads, rows), numbered from 1 where there are several."""
    several = values.shape[1] > 1
    return [
        (f"{name} {h + 1}" if several else name, values[:, h].T) for h in range(values.shape[1])
    ]


def check_shapes(use: MemoryUse, bits: Array) -> None:
    T = len(bits) if bits.ndim == 1 else -1
    sizes = [np.shape(array) for array in use]
    adds, writes, reads, predictions = sizes
    fits = [len(size) for size in sizes] == [3, 3, 3, 1] and {size[0] for size in sizes} == {T}
    if not (fits and adds[1] == writes[1] and writes[2] == reads[2] and T > 0):
        raise InputError(
            "memory use of one sequence has adds (T, V, W), write weightings (T, V, N), read "
            f"weightings (T, R, N), predictions (T,) and bits (T,), not {adds}, {writes}, {reads}, "
            f"{predictions} and {bits.shape}"
        )

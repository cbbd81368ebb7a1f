"""Ways to divide the steps of sequences of bits: by position, visit, age and context.

Legend: B sequences, T time.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.optimal.contexts import contexts, previous_visits, visits
from ntmlab.tasks import DynamicNGrams

Bins = NDArray[np.int64]

BLOCKS: Final = 20  # of positions
VISITS: Final = 21  # first to twentieth visit, and all later ones
OLD: Final = 32  # steps since the last visit from which on a context is long ago


class LossBins(NamedTuple):
    """What is known of some sequences: the bins of every step, (B, T), by part."""

    bins: dict[str, Bins]
    old: NDArray[np.bool_]
    visit: Bins


def bin_names(task: DynamicNGrams) -> dict[str, list[str]]:
    """Names of the bins by part; the last bin of all but position is for steps without context."""
    width = block_width(task.length)
    ends = range(0, task.length, width)
    ages = [2**i for i in range(max(1, task.length.bit_length()))]
    return {
        "position": [f"{t}–{min(t + width, task.length) - 1}" for t in ends],
        "visit": [*map(str, range(1, VISITS)), f"{VISITS}+", "none"],
        "age": [*(f"{a}–{2 * a - 1}" if a > 1 else "1" for a in ages), "first visit", "none"],
        "context": [
            *(f"{c:0{task.context_bits}b}" for c in range(2**task.context_bits)),
            "none",
        ],
    }


def block_width(length: int) -> int:
    """Steps in a block of positions."""
    return -(-length // BLOCKS)


def loss_bins(task: DynamicNGrams, bits: Bins) -> LossBins:
    """The bins of every step; steps without a context have the last one."""
    context, visit = contexts(bits, task.context_bits), visits(bits, task.context_bits)
    before = previous_visits(bits, task.context_bits)
    place = np.broadcast_to(np.arange(bits.shape[1]), bits.shape)
    names = bin_names(task)
    has = context >= 0
    age = np.floor(np.log2(np.maximum(place - before, 1))).astype(np.int64)
    last = {part: len(every) - 1 for part, every in names.items()}
    bins = {
        "position": place // block_width(task.length),
        "visit": np.where(has, np.minimum(visit, VISITS - 1), last["visit"]),
        "age": np.where(before >= 0, age, np.where(has, last["age"] - 1, last["age"])),
        "context": np.where(has, context, last["context"]),
    }
    return LossBins(bins, place - before > OLD, np.where(before >= 0, visit, -1))

"""Where a context reads and writes: how sharply, how faithfully, and how long after.

Legend: B sequences, T time, K contexts, N slots, L lags.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.ratios import Ratio, cosine
from ntmlab.studies.inside.usage import Usage, at_steps, in_time, later, strangers
from ntmlab.studies.traces import LAGS

SAME_PLACE = 0.5  # cosine from which two reads are of the same place
WORST = 0.01  # part of the later visits that count as clear mistakes


class Matrices(NamedTuple):
    """Summed weightings of the visits of each context, and the visits."""

    read: Array  # (K, N)
    write: Array  # (L, K, N) of the writes 0, 1, ... steps after
    visits: Array  # (K,)


def matrices(usage: Usage) -> Matrices:
    """Sums over all visits that have `LAGS` - 1 steps after them."""
    kept = in_time(usage)
    context = usage.contexts[kept]
    size, slots = usage.ones.shape[2], usage.read.shape[2]

    def summed(values: Array) -> Array:
        total = np.zeros((size, slots))
        np.add.at(total, context, values[kept])
        return total

    writes = np.stack([summed(later(usage.write, lag)) for lag in range(LAGS)])
    visits = np.bincount(context, minlength=size).astype(np.float64)
    return Matrices(summed(usage.read), writes, visits)


def entropy_bits(weightings: Array) -> Array:
    """Entropy of weightings on their last axis, in bits: 0 on one slot, 7 spread over 128."""
    safe = np.where(weightings > 0, weightings, 1.0)
    return np.asarray(-(weightings * np.log2(safe)).sum(-1))


def address_statistics(usage: Usage) -> dict[str, Ratio]:
    """Sharpness of reads, and cosines between weightings of the same and of other contexts.

    ``read_same`` compares a read with the one at the context's visit before, ``read_other`` with
    one of another context in the sequence, ``read_across`` with one of the same context in the
    next sequence. ``overlap`` (L,) compares it with the writes of the steps after it,
    ``overlap_other`` with those after another context; ``write_then_read`` (L,) with the writes
    after the visit before. ``landed`` (L,) is the part of those writes that falls on the slot read
    most, ``landed_other`` on another context's.
    """
    kept, again = in_time(usage), in_time(usage) & (usage.previous >= 0)
    before = usage.previous  # where there is none, -1 finds the last step, which does not count
    other, differs = strangers(usage)
    their_read = at_steps(usage.read, other)
    top = usage.read.argmax(-1)
    their_top = np.take_along_axis(top, other, 1)
    result = {
        "read_entropy": Ratio.of(entropy_bits(usage.read), kept),
        "read_peak": Ratio.of(usage.read.max(-1), kept),
        "read_same": Ratio.of(cosine(usage.read, at_steps(usage.read, before)), again),
        "read_other": Ratio.of(cosine(usage.read, their_read), differs),
        "read_across": _across(usage),
    }
    lags: dict[str, list[Ratio]] = {}
    for lag in range(LAGS):
        written = later(usage.write, lag)
        for name, values, counted in (
            ("overlap", cosine(usage.read, written), kept),
            ("overlap_other", cosine(their_read, written), differs),
            ("write_then_read", cosine(usage.read, at_steps(written, before)), again),
            ("landed", _at_slots(written, top), kept),
            ("landed_other", _at_slots(written, their_top), differs),
            ("write_peak", written.max(-1), kept),
        ):
            lags.setdefault(name, []).append(Ratio.of(values, counted))
    return result | {name: Ratio.stacked(parts) for name, parts in lags.items()}


def mistake_statistics(usage: Usage, threshold: float) -> dict[str, Ratio]:
    """How often a later visit reads a place of another context, by how wrong it predicts.

    ``misread_worst`` is over visits that diverge by ``threshold`` bits or more, ``misread_rest``
    over the others.
    """
    again = usage.previous >= 0
    wrong = misread(usage).astype(np.float64)
    worst = usage.divergence >= threshold
    return {
        "misread_worst": Ratio.of(wrong, again & worst),
        "misread_rest": Ratio.of(wrong, again & ~worst),
    }


def misread(usage: Usage) -> NDArray[np.bool_]:
    """Steps (B, T) that read a place which another context was the last to read.

    The last earlier step, with a context, whose read weighting has a cosine of `SAME_PLACE` or
    more with this one, is one of another context.
    """
    size = np.sqrt((usage.read**2).sum(-1, keepdims=True))
    unit = np.divide(usage.read, size, out=np.zeros_like(usage.read), where=size > 0)
    same = unit @ np.swapaxes(unit, 1, 2) >= SAME_PLACE  # (B, T, T), the earlier step last
    same &= np.tri(usage.read.shape[1], k=-1, dtype=bool) & (usage.contexts >= 0)[:, None]
    last = same.shape[2] - 1 - same[..., ::-1].argmax(-1)
    theirs = np.take_along_axis(usage.contexts, last, axis=1)
    return np.asarray(same.any(-1) & (theirs != usage.contexts))  # none before a first context


def _at_slots(weightings: Array, slots: np.ndarray) -> Array:
    return np.asarray(np.take_along_axis(weightings, slots[..., None], axis=-1)[..., 0])


def _across(usage: Usage) -> Ratio:
    """Last reads of each context against those of the next sequence of the batch."""
    sequences, size = len(usage.bits), usage.ones.shape[2]
    rows, steps = np.nonzero(usage.contexts >= 0)
    last = np.full((sequences, size), -1)
    last[rows, usage.contexts[rows, steps]] = steps  # the last assignment stays
    theirs = np.roll(last, -1, axis=0)
    reads = at_steps(usage.read, last)
    similar = cosine(reads, np.roll(reads, -1, axis=0))
    both = (last >= 0) & (theirs >= 0) & (sequences > 1)
    return Ratio.of(similar, both)

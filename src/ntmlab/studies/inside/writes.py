"""What is written after a visit: when, how strongly, and in which direction.

Legend: B sequences, T time, L lags.
"""

from typing import Final

import numpy as np

from ntmlab.evaluation.ratios import Ratio, cosine
from ntmlab.studies.inside.usage import Usage, at_steps, in_time, later
from ntmlab.studies.traces import LAGS

VISITS: Final = 16  # first to sixteenth visit; the last bin holds all later ones
LATE: Final = 8  # visits before, at the visit that is held against the first


def write_statistics(usage: Usage) -> dict[str, Ratio]:
    """Strengths by visit of the context and directions by outcome, each for every lag.

    ``change`` (L,) is how far a write moves the content that was read, over visits whose context
    does not come again within the lags. (L, `VISITS`) are ``landed_by_visit``, the part of the
    write that falls on the slot read most, ``peak_by_visit``, its largest weight, ``add_by_visit``,
    the norm of its add vectors, and ``change_by_visit``. ``landed_late``, ``peak_late`` and
    ``change_late`` (L, 2) are the same at the first and the ninth visit of contexts that have a
    ninth, so that both are means over the same contexts. ``adds_opposite`` and ``adds_same`` (L,)
    are cosines of add vectors after two visits in a row of a context, with different and with the
    same outcomes; ``adds_opposite_centred`` and ``adds_same_centred`` those of add vectors less
    the mean of their sequence, -1 and 1 where nothing but the outcome changes them.
    """
    kept = in_time(usage)
    alone = kept & ~_comes_again(usage)
    again = kept & (usage.previous >= 0)
    before = usage.previous  # where there is none, -1 finds the last step, which does not count
    same = usage.bits == at_steps(usage.bits, before)
    bins = np.where(kept, usage.visits, -1)
    pairs = _first_and_late(usage, kept)
    top = usage.read.argmax(-1)[..., None]
    every: dict[str, list[Ratio]] = {}
    centred = usage.adds - usage.adds.mean(1, keepdims=True)
    for lag in range(LAGS):
        written, adds = later(usage.write, lag), later(usage.adds, lag)
        change = usage.change[..., lag]
        landed = np.take_along_axis(written, top, axis=-1)[..., 0]
        strengths = {
            "landed_by_visit": landed,
            "peak_by_visit": written.max(-1),
            "add_by_visit": np.sqrt((adds * adds).sum(-1)),
            "change_by_visit": change,
        }
        found = {name: Ratio.by_bin(v, bins, VISITS) for name, v in strengths.items()}
        for name in ("landed", "peak", "change"):
            found[f"{name}_late"] = Ratio.by_bin(strengths[f"{name}_by_visit"], pairs, 2)
        found["change"] = Ratio.of(change, alone)
        for name, vectors in (("", adds), ("_centred", later(centred, lag))):
            turned = cosine(vectors, at_steps(vectors, before))
            found[f"adds_opposite{name}"] = Ratio.of(turned, again & ~same)
            found[f"adds_same{name}"] = Ratio.of(turned, again & same)
        for name, ratio in found.items():
            every.setdefault(name, []).append(ratio)
    return {name: Ratio.stacked(parts) for name, parts in every.items()}


def _first_and_late(usage: Usage, kept: np.ndarray) -> np.ndarray:
    """0 at first and 1 at ninth visits of contexts that have both in time, else -1, (B, T)."""
    rows = np.arange(len(usage.bits))[:, None]
    context = usage.contexts
    late = kept & (usage.visits == LATE)
    has_late = np.zeros((len(usage.bits), usage.ones.shape[2]), dtype=bool)
    np.logical_or.at(has_late, (np.broadcast_to(rows, late.shape)[late], context[late]), True)
    both = has_late[rows, context] & kept
    return np.where(both & (usage.visits == 0), 0, np.where(both & late, 1, -1))


def _comes_again(usage: Usage) -> np.ndarray:
    """Steps (B, T) whose context comes again within the lags."""
    found = np.zeros(usage.contexts.shape, dtype=bool)
    for lag in range(1, LAGS):
        found[:, :-lag] |= usage.contexts[:, lag:] == usage.contexts[:, :-lag]
    return found

"""Learning curves before they are drawn: the runs of a label, on points that they share.

Legend: P points, S seeds.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array

LOWEST_GAP: Final = 1e-3  # bits; where the log scale ends if no gap is positive
FAR: Final = 5.0  # times as long as another label's: no linear scale shows both


class Curve(NamedTuple):
    """The validation points of one run; runs of one label are seeds of the same thing."""

    label: str
    sequences: Array  # (P,) sequences trained on, increasing
    bits: Array  # (P,) cost in bits per sequence
    gap: Array  # (P,) bits per sequence above the optimum
    start: Array | None = None  # (P,) which draw of weights each is of; None: all of one

    @property
    def anew(self) -> Array:
        """The sequences of the points that are the first of other weights, (at most P - 1,)."""
        start = np.zeros(len(self.sequences)) if self.start is None else self.start
        changed: Array = np.asarray(self.sequences, np.float64)[1:][np.diff(start) != 0]
        return changed


class Seeds(NamedTuple):
    """The runs of one label on the points between the latest first and the earliest last."""

    label: str
    runs: list[Curve]
    sequences: Array  # (P,)
    bits: Array  # (S, P)
    gap: Array  # (S, P)

    @property
    def anew(self) -> Array:
        """The points that are the first of other weights in every run."""
        return np.array([x for x in self.sequences if all(x in run.anew for run in self.runs)])


def grouped(runs: Sequence[Curve]) -> list[Seeds]:
    """The runs by label, in the order the labels first come."""
    if not runs:
        raise InputError("there are no runs to draw")
    for run in runs:
        if not np.ndim(run.sequences) == 1 <= len(run.sequences) == len(run.bits) == len(run.gap):
            raise InputError(
                f"a curve needs at least one point, and as many costs and gaps as sequences; "
                f"{run.label!r} has {np.size(run.bits)} costs and {np.size(run.gap)} gaps "
                f"for {np.size(run.sequences)}"
            )
    labels = dict.fromkeys(run.label for run in runs)
    return [aligned(label, [run for run in runs if run.label == label]) for label in labels]


def aligned(label: str, runs: list[Curve]) -> Seeds:
    """The seeds at every point that any has in their common range, with straight lines between.

    The range can be empty; then so are the arrays.
    """
    points = np.unique(np.concatenate([run.sequences for run in runs]))
    first = max(run.sequences[0] for run in runs)
    last = min(run.sequences[-1] for run in runs)
    points = points[(points >= first) & (points <= last)]
    bits = np.stack([np.interp(points, run.sequences, run.bits) for run in runs])
    gap = np.stack([np.interp(points, run.sequences, run.gap) for run in runs])
    return Seeds(label, runs, points, bits, gap)


def parted(x: Array, y: Array, anew: Array) -> tuple[Array, Array]:
    """A line's points, with one that is no number before each of ``anew``, where another begins.

    >>> x, y = parted(np.array([1.0, 2.0]), np.array([5.0, 9.0]), np.array([2.0]))
    >>> x.tolist(), y.tolist()
    ([1.0, 2.0, 2.0], [5.0, nan, 9.0])
    """
    at = np.flatnonzero(np.isin(x, anew))
    return np.insert(x, at, x[at]), np.insert(np.asarray(y, float), at, np.nan)


def implied_optimum(runs: Sequence[Curve]) -> float | None:
    """The median of costs less gaps, in bits per sequence; None where no gap is a number."""
    values = np.concatenate([np.asarray(run.bits) - run.gap for run in runs])
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None


def lower_edge(runs: Sequence[Curve]) -> float:
    """Where the log scale of gaps ends: the power of ten below the least positive one."""
    gaps = np.concatenate([run.gap for run in runs])
    positive = gaps[np.isfinite(gaps) & (gaps > 0)]
    return float(10 ** np.floor(np.log10(positive.min()))) if len(positive) else LOWEST_GAP


def far_apart(groups: Sequence[Seeds]) -> bool:
    """Whether one label was trained so much longer than another that no linear scale shows both."""
    ends = [max(run.sequences[-1] for run in seeds.runs) for seeds in groups]
    first = min(run.sequences[0] for seeds in groups for run in seeds.runs)
    return bool(first > 0 and max(ends) >= FAR * min(ends))

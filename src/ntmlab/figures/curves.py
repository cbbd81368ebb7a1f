"""Figure 13: learning curves of several architectures, seeds as bands, the optimum as a line."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.figures.style import LINES, RULE, new_figure, style


class Curve(NamedTuple):
    """The validation rows of one run; runs of one label are seeds of the same thing."""

    label: str
    sequences: Array  # (rows,) sequences trained on
    bits: Array  # (rows,) bits per sequence
    gap: Array  # (rows,) bits above the optimum


def curves(runs: Sequence[Curve], *, axes: Sequence[Axes] | None = None) -> tuple[Axes, Axes]:
    """Draws cost (left) and gap on a log scale (right) against thousands of sequences.

    The runs of a label give one line, the median of its seeds, in a band from the lowest to the
    highest, as far as all of them go. A gap of zero or less is not shown on the log scale.
    *Neural Turing Machines* (2014), Figure 13. Raises InputError for no runs at all.
    """
    if not runs:
        raise InputError("there are no runs to draw")
    with style():
        if axes is None:
            axes = list(new_figure(9.0, 3.4).subplots(1, 2))
        left, right = axes
        for place, label in enumerate(dict.fromkeys(run.label for run in runs)):
            seeds = [run for run in runs if run.label == label]
            x, bits, gap = common(seeds)
            colour, dashes = LINES[place % len(LINES)]
            text = label if len(seeds) == 1 else f"{label} ({len(seeds)} seeds)"
            positive = np.where(gap > 0, gap, np.nan)
            for ax, values in ((left, bits), (right, positive)):
                middle = np.median(values, axis=0)
                marker = "o" if len(x) == 1 else ""
                ax.plot(x / 1e3, middle, color=colour, ls=dashes, lw=1.4, label=text, marker=marker)
                if len(seeds) > 1:
                    low, high = values.min(0), values.max(0)
                    ax.fill_between(x / 1e3, low, high, color=colour, alpha=0.2, lw=0)
        _finish(left, right, optimum(runs))
    return left, right


def common(seeds: Sequence[Curve]) -> tuple[Array, Array, Array]:
    """Sequences (rows,), bits and gap (seeds, rows) at the rows that all seeds have."""
    x = seeds[0].sequences
    for run in seeds[1:]:
        x = np.intersect1d(x, run.sequences)
    if len(x) == 0:
        raise InputError(f"the runs of {seeds[0].label} have no row in common to draw a band from")
    rows = [np.isin(run.sequences, x) for run in seeds]
    bits = np.stack([run.bits[r] for run, r in zip(seeds, rows, strict=True)])
    gap = np.stack([run.gap[r] for run, r in zip(seeds, rows, strict=True)])
    return x, bits, gap


def optimum(runs: Sequence[Curve]) -> float:
    """The optimum's bits on the validation sequences, as the runs' costs and gaps imply."""
    return float(np.median(np.concatenate([run.bits - run.gap for run in runs])))


def _finish(left: Axes, right: Axes, best: float) -> None:
    left.axhline(best, color=RULE, lw=1.0, ls=(0, (1, 1)), label="optimal")
    left.set_ylabel("bits per sequence")
    right.set_ylabel("gap to the optimum (bits)")
    right.set_yscale("log")
    right.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    right.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    right.yaxis.set_minor_formatter(NullFormatter())
    for ax in (left, right):
        ax.set_xlabel("sequences (thousands)")
        ax.set_xlim(left=0)
    left.legend()

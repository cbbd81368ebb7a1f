"""The final value of every seed of every recipe, beside its goal."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from ntmlab.errors import InputError
from ntmlab.figures.style import LINES, TEXT_GREY, PlainLog, new_figure, style
from ntmlab.studies.seeds.rates import Reached

SMALLEST: Final = 1e-7  # bits; less is drawn there
SPREAD: Final = 0.28  # of a line's height, over which the seeds of a recipe are set apart


def seeds(found: Mapping[str, Reached], *, figure: Figure | None = None) -> dict[str, Axes]:
    """A line a recipe, a mark a seed: its final cost or gap on a log scale, bits a sequence.

    A tick on each line is the goal; a filled mark reaches it, an open one does not. Raises
    InputError without recipes.
    """
    if not found:
        raise InputError("there is no recipe to draw")
    with style():
        figure = figure or new_figure(6.6, 0.9 + 0.32 * len(found))
        ax = figure.subplots()
        for place, own in enumerate(found.values()):
            _line(ax, place, own)
        names = [f"{name} ({own.good} of {len(own.values)})" for name, own in found.items()]
        ax.set_yticks(range(len(found)), names)
        ax.set_ylim(len(found) - 0.5, -0.5)
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(PlainLog())
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_xlabel("bits a sequence above the optimum, fresh sequences")
    return {"seeds": ax}


def _line(ax: Axes, place: int, own: Reached) -> None:
    values = np.maximum(np.array(own.values), SMALLEST)
    heights = place + np.linspace(-SPREAD, SPREAD, len(values) + 2)[1:-1]
    good = np.array(own.values) <= own.goal.most
    for kept, look in ((good, LINES[0]), (~good, LINES[1])):
        (marks,) = ax.plot(values[kept], heights[kept], "o", color=look.colour, markersize=3.5)
        marks.set_fillstyle("full" if kept is good else "none")
    ax.plot([own.goal.most] * 2, [place - 0.4, place + 0.4], color=TEXT_GREY, linewidth=1.0)

"""The final value of every seed of every recipe, beside its goal."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from ntmlab.errors import InputError
from ntmlab.figures.line_styles import LINES
from ntmlab.figures.style import TEXT_GREY, PlainLog, new_figure, style
from ntmlab.figures.width import in_column
from ntmlab.studies.seeds.rates import Reached

SMALLEST: Final = 1e-7  # bits; less is drawn there
LABEL: Final = "bits a sequence above the optimum, fresh sequences"
SPREAD: Final = 0.28  # of a line's height, over which the seeds of a recipe are set apart
MARK: Final = {"marker": "o", "markersize": 3.5}
GOOD: Final[dict[str, Any]] = MARK | {"color": LINES[0].colour}
BAD: Final[dict[str, Any]] = MARK | {"color": LINES[1].colour, "fillstyle": "none"}


def seeds(found: Mapping[str, Reached], *, figure: Figure | None = None) -> dict[str, Axes]:
    """A line a recipe, a mark a seed: its final cost or gap on a log scale, bits a sequence.

    A tick on each line is the goal; a filled mark reaches it, an open one does not, as the legend
    says. Raises InputError without recipes.
    """
    if not found:
        raise InputError("there is no recipe to draw")
    with style():
        figure = figure or new_figure(6.6, 1.1 + 0.32 * len(found))
        ax = figure.subplots()
        for place, own in enumerate(found.values()):
            _line(ax, place, own)
        names = [f"{name} ({own.good} of {len(own.values)})" for name, own in found.items()]
        ax.set_yticks(range(len(found)), names)
        ax.set_ylim(len(found) - 0.5, -0.5)
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(PlainLog())
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_xlabel("bits above the optimum" if in_column() else LABEL)
        _explain(figure)
    return {"seeds": ax}


def _line(ax: Axes, place: int, own: Reached) -> None:
    values = np.maximum(np.array(own.values), SMALLEST)
    heights = place + np.linspace(-SPREAD, SPREAD, len(values) + 2)[1:-1]
    good = np.array(own.values) <= own.goal.most
    for kept, look in ((good, GOOD), (~good, BAD)):
        ax.plot(values[kept], heights[kept], ls="", **look)
    ax.plot([own.goal.most] * 2, [place - 0.4, place + 0.4], color=TEXT_GREY, linewidth=1.0)


def _explain(figure: Figure) -> None:
    """What marks and ticks are, above all."""
    looks: dict[str, dict[str, Any]] = {
        "seed that reaches the goal": GOOD,
        "seed that does not": BAD,
        "goal": {"marker": "|", "markersize": 8, "color": TEXT_GREY},
    }
    handles = [Line2D([], [], ls="", label=label, **look) for label, look in looks.items()]
    columns = 1 if in_column() else len(handles)
    figure.legend(handles=handles, loc="outside upper left", ncols=columns)

"""Which estimator a model is nearest to, and when: by position, and over training."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.figures.line_styles import LINES, LineStyle, line_styles
from ntmlab.figures.style import FRAME_GREY, log_errors, log_scale, new_figure, style
from ntmlab.figures.width import in_column
from ntmlab.studies.nearest.measure import Nearest

SHOWN: Final = len(LINES)  # predictors that have a line
SMALLEST: Final = 1e-6  # bits a step; nearer is the same
LEAST_WEIGHT: Final = 0.02  # in a mixture; less is not told apart from nothing
FEWEST_MARKERS: Final = 3  # of a line
COLUMN_HEIGHT: Final = 5.4  # inches
BAR: Final = 0.8
FEWEST_BARS: Final = 4  # there is room for so many, so that one alone is no wall
OTHERS: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": FRAME_GREY, "linewidth": 0.6}
HANDLES: Final = 5.5  # length of a line and a filling beside it, in sizes of type


def nearest(found: Mapping[str, Nearest], *, figure: Figure | None = None) -> dict[str, Axes]:
    """Draws the last model's divergence by position, and the weights of every one's best mixture.

    ``found`` is one model, or its snapshots in order. Left, on a log scale, KL(model || predictor)
    in bits a step for the six predictors that come nearest at some position or have most weight;
    right, the weights as bars, one a model, in the same colours with hatching, all others white.
    The legend above is of both. Raises InputError without models.
    """
    if not found:
        raise InputError("there is no model to draw")
    last = list(found.values())[-1]
    shown = _shown(found, last)
    with style():
        if in_column():
            figure = figure or new_figure(10.0, COLUMN_HEIGHT)
            left, right = figure.subplots(2, 1, height_ratios=(1.5, 1))
        else:
            figure = figure or new_figure(10.0, 4.2)
            left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
        _by_position(left, last, shown)
        _weights(right, found, shown)
        _explain(figure, [last.names[i] for i in shown], _others(found, shown).max())
    return {"position": left, "weights": right}


def _shown(found: Mapping[str, Nearest], last: Nearest) -> list[int]:
    """The predictors that are drawn: those of most weight in any mixture, then the nearest."""
    weight = np.max([own.weights for own in found.values()], axis=0)
    heavy = [i for i in np.argsort(-weight, kind="stable").tolist() if weight[i] > LEAST_WEIGHT]
    return list(dict.fromkeys([*heavy[: SHOWN - 1], *last.order]))[:SHOWN]


def _by_position(ax: Axes, own: Nearest, shown: list[int]) -> None:
    """A line a predictor; each has its markers at positions of its own, so that none hides one."""
    middle = (own.blocks[:-1] + own.blocks[1:] - 1) / 2
    every = min(len(shown), max(1, len(middle) // FEWEST_MARKERS))
    for number, (i, look) in enumerate(zip(shown, line_styles(), strict=False)):
        values, errors = own.profile.mean[i], own.profile.se[i]
        kept = np.isfinite(values) & (values > SMALLEST)
        marked = (number % every, every) if kept.sum() > every else 1
        ax.errorbar(
            middle[kept],
            values[kept],
            log_errors(errors[kept], values[kept]),
            color=look.colour,
            linestyle=look.dashes,
            marker=look.marker,
            markevery=marked,
            errorevery=marked,
            label=own.names[i],
            gid="predictor",
        )
    ax.set_xlabel("position in the sequence")
    ax.set_ylabel("KL(model || predictor) (bits per step)")
    if any(len(line.get_xdata()) for line in ax.get_lines()):  # type: ignore[arg-type]
        log_scale(ax)


def _others(found: Mapping[str, Nearest], shown: list[int]) -> NDArray[np.float64]:
    """The weight in each model's mixture of predictors that are not drawn."""
    return np.array([1 - own.weights[shown].sum() for own in found.values()])


def _weights(ax: Axes, found: Mapping[str, Nearest], shown: list[int]) -> None:
    """A bar of weights for each model, one predictor above the other."""
    places = np.arange(len(found))
    weights = np.stack([own.weights for own in found.values()])  # (models, M)
    bottom = np.zeros(len(found))
    for i, look in zip(shown, line_styles(), strict=False):
        ax.bar(places, weights[:, i], BAR, bottom, **_bar(look))
        bottom += weights[:, i]
    ax.bar(places, 1 - bottom, BAR, bottom, **OTHERS)
    every = max(1, -(-len(found) // 10))
    turned: dict[str, Any] = {"rotation": 30, "ha": "right"} if len(found) > 1 else {}
    ax.set_xticks(places[::every], list(found)[::every], **turned)
    room = max(BAR, (FEWEST_BARS - len(found) + 1) / 2)
    ax.set_xlim(places[0] - room, places[-1] + room)
    ax.set_ylim(0, 1)
    ax.set_ylabel("weight in the nearest mixture")


def _bar(look: LineStyle) -> dict[str, Any]:
    """How the bar of a predictor is filled."""
    return {"facecolor": look.colour, "hatch": look.hatch, "edgecolor": "white", "linewidth": 0}


def _explain(figure: Figure, names: list[str], others: float) -> None:
    """Above both panels, each predictor's line beside the filling of its bars."""
    handles: dict[str, Any] = {
        name: (
            Line2D([], [], color=look.colour, ls=look.dashes, marker=look.marker),
            Patch(**_bar(look)),
        )
        for name, look in zip(names, line_styles(), strict=False)
    }
    if others > LEAST_WEIGHT:
        handles["all others"] = Patch(**OTHERS)
    figure.legend(
        list(handles.values()),
        list(handles),
        loc="outside upper left",
        ncols=2 if in_column() else 4,
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.3)},
        handlelength=HANDLES,
    )

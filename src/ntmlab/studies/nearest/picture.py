"""Which estimator a model is nearest to, and when: by position, and over training."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ntmlab.errors import InputError
from ntmlab.figures.style import LINES, log_scale, new_figure, style
from ntmlab.figures.width import in_column
from ntmlab.studies.nearest.measure import Nearest

SHOWN: Final = len(LINES)  # predictors that have a line
SMALLEST: Final = 1e-6  # bits a step; nearer is the same


def nearest(found: Mapping[str, Nearest], *, figure: Figure | None = None) -> dict[str, Axes]:
    """Draws the last model's divergence by position, and the weights of every one's best mixture.

    ``found`` is one model, or its snapshots in order. Left, on a log scale, KL(model || predictor)
    in bits a step for the six predictors that come nearest at some position or have most weight;
    right, the weights as bars, one a model, in the same colours, all others white. Raises
    InputError without models.
    """
    if not found:
        raise InputError("there is no model to draw")
    last = list(found.values())[-1]
    shown = _shown(found, last)
    with style():
        if in_column():
            left, right = (figure or new_figure(10.0, 5.2)).subplots(2, 1)
        else:
            figure = figure or new_figure(10.0, 3.8)
            left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
        _by_position(left, last, shown)
        _weights(right, found, shown)
    return {"position": left, "weights": right}


def _shown(found: Mapping[str, Nearest], last: Nearest) -> list[int]:
    """The predictors that are drawn: those of most weight in any mixture, then the nearest."""
    weight = np.max([own.weights for own in found.values()], axis=0)
    heavy = [i for i in np.argsort(-weight, kind="stable").tolist() if weight[i] > 0.02]
    return list(dict.fromkeys([*heavy[: SHOWN - 1], *last.order]))[:SHOWN]


def _by_position(ax: Axes, own: Nearest, shown: list[int]) -> None:
    middle = (own.blocks[:-1] + own.blocks[1:] - 1) / 2
    for i, look in zip(shown, LINES, strict=False):
        values, errors = own.profile.mean[i], own.profile.se[i]
        kept = np.isfinite(values) & (values > SMALLEST)
        ax.errorbar(
            middle[kept],
            values[kept],
            np.minimum(errors[kept], 0.99 * values[kept]),  # a log scale has no zero
            color=look.colour,
            linestyle=look.dashes,
            marker=look.marker,
            markersize=3,
            linewidth=1.0,
            label=own.names[i],
        )
    ax.set_xlabel("position in the sequence")
    ax.set_ylabel("KL(model || predictor) (bits per step)")
    if any(len(line.get_xdata()) for line in ax.get_lines()):  # type: ignore[arg-type]
        log_scale(ax)
    ax.legend()


def _weights(ax: Axes, found: Mapping[str, Nearest], shown: list[int]) -> None:
    """A bar of weights for each model, one predictor above the other."""
    places = np.arange(len(found))
    weights = np.stack([own.weights for own in found.values()])  # (models, M)
    bottom = np.zeros(len(found))
    for i, look in zip(shown, LINES, strict=False):
        ax.bar(places, weights[:, i], bottom=bottom, color=look.colour, width=0.8)
        bottom += weights[:, i]
    ax.bar(places, 1 - bottom, bottom=bottom, color="white", edgecolor="#808080", width=0.8)
    every = max(1, -(-len(found) // 10))
    ax.set_xticks(places[::every], list(found)[::every], rotation=30, ha="right")
    ax.set_ylim(0, 1)
    ax.set_ylabel("weight in the nearest mixture")

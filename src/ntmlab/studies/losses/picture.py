"""Where models lose bits: by position, and by visit of the context, by its age, by context."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ntmlab.errors import InputError
from ntmlab.figures.line_styles import LineStyle, line_styles
from ntmlab.figures.style import TEXT_GREY, log_errors, log_scale, new_figure, style
from ntmlab.figures.width import in_column, in_print, on_page
from ntmlab.studies.losses.measure import Part

PARTS: Final = {
    "position": "position in the sequence",
    "visit": "visit of the context (last: and later)",
    "age": "steps since the context was last seen",
    "context": "context, oldest first",
}
FEWEST_STEPS: Final = 20  # a mean over fewer steps is not drawn
MOST_TICKS: Final = 10
MOST_IN_COLUMN: Final = 16  # contexts, written upwards
NOTHING: Final = "no loss above zero in bins of 20 steps or more"


def losses(
    parts: Mapping[str, Mapping[str, Part]], *, figure: Figure | None = None
) -> dict[str, Axes]:
    """Draws the losses of models, by name, each by part; returns the axes by part.

    ``position``, ``visit`` and ``age`` show bits per step on a log scale, with standard errors;
    ``context`` bits per sequence that each context contributes. Bins of fewer than 20 steps, and
    steps without a context, are left out; where there are no contexts, ``position`` stands alone.
    Raises InputError without models.
    """
    if not parts:
        raise InputError("there are no losses to draw")
    with style():
        axes = _make_axes("context" in next(iter(parts.values())), figure)
        for name, ax in axes.items():
            drawn = [
                _draw(ax, model, own[name], look, whole=name == "context")
                for (model, own), look in zip(parts.items(), line_styles(), strict=False)
            ]
            _dress(ax, name, next(iter(parts.values()))[name], empty=not any(drawn))
        axes["position"].legend()
    return axes


def _make_axes(contexts: bool, figure: Figure | None) -> dict[str, Axes]:
    high = 8.6 if in_column() else 7.2
    figure = figure or (new_figure(12.0, high) if contexts else new_figure(5.4, 3.4))
    if not contexts:
        return {"position": figure.add_subplot(label="position")}
    if in_column():
        grid = figure.add_gridspec(len(PARTS), 1)
        return {name: figure.add_subplot(grid[i], label=name) for i, name in enumerate(PARTS)}
    if on_page():
        pairs = figure.add_gridspec(2, 2)
        return {n: figure.add_subplot(pairs[i // 2, i % 2], label=n) for i, n in enumerate(PARTS)}
    grid = figure.add_gridspec(2, 3)
    places = {"position": grid[0, 0], "visit": grid[0, 1], "age": grid[0, 2]}
    places["context"] = grid[1, :]
    return {name: figure.add_subplot(place, label=name) for name, place in places.items()}


def _draw(ax: Axes, model: str, part: Part, look: LineStyle, *, whole: bool) -> bool:
    """A line of one model, if it has a point; ``whole`` draws bits per sequence, not per step."""
    values, errors = (part.bits, part.bits_se) if whole else part.steps[:2]
    shown = np.array([name != "none" for name in part.names])
    shown &= (part.steps.steps >= FEWEST_STEPS) & (values > 0)
    ax.errorbar(
        np.flatnonzero(shown),
        values[shown],
        log_errors(errors[shown], values[shown]),
        color=look.colour,
        linestyle="none" if whole else look.dashes,
        marker=look.marker,
        markersize=3,
        linewidth=1.0,
        label=model,
    )
    return bool(shown.any())


def _dress(ax: Axes, name: str, part: Part, *, empty: bool) -> None:
    names = [text for text in part.names if text != "none"]
    most = (MOST_IN_COLUMN if in_print() else len(names)) if name == "context" else MOST_TICKS
    every = max(1, -(-len(names) // most))
    places = range(0, len(names), every)
    ax.set_xticks(places, names[::every], rotation=90 if name == "context" else 45)
    ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_xlabel(PARTS[name])
    if empty:
        ax.text(0.5, 0.5, NOTHING, transform=ax.transAxes, ha="center", color=TEXT_GREY)
    else:
        log_scale(ax)
    whole = name == "context"
    ax.set_ylabel(f"{'Σ KL' if whole else 'KL'} (bits per {'sequence' if whole else 'step'})")

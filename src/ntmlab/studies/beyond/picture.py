"""Models beyond their training: the gap along long sequences, and on other tables."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.ratios import Profile
from ntmlab.figures.line_styles import line_styles
from ntmlab.figures.style import FRAME_GREY, log_errors, log_scale, new_figure, style
from ntmlab.figures.width import in_column
from ntmlab.studies.beyond.measure import TRAINED
from ntmlab.studies.profiles import read_profile

REFERENCE_DASHES: Final = (":", (0, (4, 2)), "-.")
BAR: Final = 0.8  # width of a group of models


class BeyondView(NamedTuple):
    """What the picture shows."""

    block: int  # steps
    by_block: Mapping[str, Profile]  # Σ KL of each model
    references: Mapping[str, Profile]
    settings: Sequence[str]  # names of other tables
    gaps: Mapping[str, tuple[Array, Array]]  # Σ KL of each model by setting, and errors
    floor: Array  # what the optimum of training loses by setting


def make_view(record: Mapping[str, Any]) -> BeyondView:
    """What the picture shows of the JSON values that the report makes."""
    shown = [setting for setting in record["settings"] if setting["kind"] != "length"]
    models = [name for name in shown[0]["models"] if name != TRAINED]
    by_block = {k: read_profile(v) for k, v in record["long"]["by_block"].items()}

    def row(name: str, part: str) -> Array:
        values = [setting["models"][name][part] for setting in shown]
        return np.array(values, dtype=np.float64)

    return BeyondView(
        record["long"]["block"],
        {name: by_block[name] for name in models},
        {name: p for name, p in by_block.items() if name not in (*models, TRAINED)},
        [setting["name"] for setting in shown],
        {name: (row(name, "kl"), row(name, "kl_se")) for name in models},
        row(TRAINED, "kl"),
    )


def beyond(view: BeyondView, *, figure: Figure | None = None) -> dict[str, Axes]:
    """Draws the gap beyond training; returns the axes by name.

    ``long``: Σ KL of each block of a long sequence on a log scale, references in grey. ``tables``:
    Σ KL on other tables, a bar for each model, with standard errors; the black line is what the
    optimum of the training task loses there. Raises InputError without models.
    """
    if not view.by_block:
        raise InputError("there are no models to draw")
    with style():
        if in_column():
            left, right = (figure or new_figure(12.0, 5.8)).subplots(2, 1)
        else:
            figure = figure or new_figure(12.0, 4.2)
            left, right = figure.subplots(1, 2, width_ratios=[1, 1.25])
        _draw_long(left, view)
        _draw_tables(right, view)
        left.set_label("long")
        right.set_label("tables")
    return {"long": left, "tables": right}


def _draw_long(ax: Axes, view: BeyondView) -> None:
    for (name, profile), look in zip(view.by_block.items(), line_styles(), strict=False):
        ends = (np.arange(len(profile.mean)) + 1) * view.block
        ax.errorbar(
            ends,
            profile.mean,
            log_errors(profile.se, profile.mean),
            color=look.colour,
            linestyle=look.dashes,
            marker=look.marker,
            markersize=3,
            label=name,
        )
    references = zip(view.references.items(), cycle(REFERENCE_DASHES), strict=False)
    for (name, profile), dashes in references:
        ends = (np.arange(len(profile.mean)) + 1) * view.block
        ax.plot(ends, profile.mean, color=FRAME_GREY, linestyle=dashes, lw=1, label=name)
    ax.axvline(view.block, color="black", lw=0.6)
    log_scale(ax)
    ax.set_xlabel("steps seen; sequences of training end at the line")
    ax.set_ylabel(f"Σ KL of the last {view.block} steps (bits)")
    ax.legend()


def _draw_tables(ax: Axes, view: BeyondView) -> None:
    places = np.arange(len(view.settings))
    width = BAR / len(view.gaps)
    looks = zip(view.gaps.items(), line_styles(), strict=False)
    for number, ((name, (values, errors)), line) in enumerate(looks):
        left = places - BAR / 2 + (number + 0.5) * width
        look: dict[str, Any] = {"color": line.colour, "hatch": line.hatch, "edgecolor": "white"}
        ax.bar(left, values, width, yerr=errors, label=name, lw=0, error_kw={"lw": 0.7}, **look)
    ax.hlines(view.floor, places - BAR / 2, places + BAR / 2, color="black", lw=1.6)
    ax.plot([], [], color="black", lw=1.6, label="optimum of training")
    ax.set_xticks(places, view.settings, rotation=35, ha="right")
    ax.set_ylabel("Σ KL to the optimum of the table (bits)")
    ax.legend()

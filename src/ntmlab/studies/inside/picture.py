"""Whether an NTM's memory counts: where contexts read and write, and what the content tells.

Legend: K contexts, N slots, L lags.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.ratios import Profile
from ntmlab.figures.key import INK, draw_key
from ntmlab.figures.line_styles import LINES, line_styles
from ntmlab.figures.style import FRAME_GREY, new_figure, number_steps, points, style
from ntmlab.figures.width import in_column, in_print, on_page
from ntmlab.studies.profiles import read_profile

FAINT: Final = 0.5  # exponent of the grey scale of weightings: 0.01 is seen
CONTROLS: Final = ("another context", "another sequence")
LEGEND_ROOM: Final = 1.35  # times the highest value, so that a legend stands above the lines
ROOM_IN_COLUMN: Final = 1.8
FEWEST_STEPS: Final = 20  # a mean over fewer steps is not drawn


class InsideView(NamedTuple):
    """What the picture shows of a machine."""

    read: Array  # (K, N) mean weighting at the visits of a context
    write: Array  # (K, N) ``lag`` steps after
    context_bits: int
    lag: int
    change: Array  # (L,) parts of the change of what was read, by lag
    strengths: Mapping[str, Profile]  # by visit of the context
    explained: Mapping[str, Profile]  # R² by target
    adds: Mapping[str, Profile]  # cosine by pair of outcomes
    prior: Sequence[float] = (0.5, 0.5)  # of a one and of a zero

    def arrays(self) -> dict[str, Array]:
        """The matrices by name, and the slots in the order they are drawn."""
        return {
            "read_matrix": self.read,
            "write_matrix": self.write,
            "change_by_lag": self.change,
            "slots": slot_order(self.read),
        }


def make_view(record: Mapping[str, Any], read: Array, write: Array) -> InsideView:
    """What the picture shows: the report's JSON values, and mean weightings of contexts (K, N)."""
    every = {name: read_profile(own) for name, own in record["statistics"].items()}
    change, lag = every["change"].mean, record["lag"]

    def at_lag(name: str) -> Profile:
        return Profile(*(part[lag] for part in every[name]))

    return InsideView(
        read,
        write,
        len(read).bit_length() - 1,
        lag,
        change / max(float(change.sum()), 1e-30),
        {
            "weight on the slot read": at_lag("landed_by_visit"),
            "largest weight": at_lag("peak_by_visit"),
        },
        {name: read_profile(own) for name, own in record["explained"].items()},
        {name: at_lag(f"adds_{name}") for name in ("opposite", "same")},
        record.get("prior", (0.5, 0.5)),
    )


def inside(view: InsideView, *, figure: Figure | None = None) -> dict[str, Axes]:
    """Draws the study of a memory; returns the axes by name.

    On top ``read`` and ``write``: contexts by slots, black 1, white 0, with a square root between
    so that faint weightings are seen; slots stand in the same order in both, first the one that
    context 0 reads most. Below ``change`` (by lag), ``strength`` (by visit, with standard errors),
    ``content`` (R², controls in grey) and ``adds`` (cosines).

    Raises InputError where matrices do not agree.
    """
    if np.ndim(view.read) != 2 or np.shape(view.read) != np.shape(view.write):
        raise InputError(
            f"read and write matrices are contexts by slots, not {np.shape(view.read)} and "
            f"{np.shape(view.write)}"
        )
    with style():
        axes = _make_axes(figure or new_figure(12.0, 8.8 if in_print() else 7.6))
        _draw_matrix(axes["read"], view.read, view, "mean read weighting of a context")
        title = f"mean write weighting {_steps(view.lag)} after"
        _draw_matrix(axes["write"], view.write, view, title)
        if not in_column():
            axes["write"].set_ylabel("")  # it stands left of both
        _draw_change(axes["change"], view.change)
        _draw_strengths(axes["strength"], view.strengths)
        _draw_content(axes["content"], view.explained, view.prior)
        _draw_adds(axes["adds"], view.adds)
    return axes


def slot_order(read: Array) -> np.ndarray:
    """Slots (N,), each where the first context that reads it most stands; then the others."""
    favourites = list(dict.fromkeys(int(slot) for slot in read.argmax(1)))
    rest = [slot for slot in range(read.shape[1]) if slot not in favourites]
    return np.array(favourites + rest)


def _make_axes(figure: Figure) -> dict[str, Axes]:
    if in_column():
        names = ("read", "write", "change", "strength", "content", "adds")
        rows = figure.add_gridspec(len(names), 1, height_ratios=[1.4, 1.4, 1, 1.1, 1.2, 1])
        return {name: figure.add_subplot(rows[i], label=name) for i, name in enumerate(names)}
    if on_page():
        pairs = figure.add_gridspec(3, 2, height_ratios=[1.3, 1, 1])
        two = {"read": pairs[0, 0], "write": pairs[0, 1], "change": pairs[1, 0]}
        two |= {"strength": pairs[1, 1], "content": pairs[2, 0], "adds": pairs[2, 1]}
        return {name: figure.add_subplot(place, label=name) for name, place in two.items()}
    grid = figure.add_gridspec(2, 12, height_ratios=[1.3, 1])
    places = {
        "read": grid[0, :6],
        "write": grid[0, 6:],
        "change": grid[1, :3],
        "strength": grid[1, 3:6],
        "content": grid[1, 6:10],
        "adds": grid[1, 10:],
    }
    return {name: figure.add_subplot(place, label=name) for name, place in places.items()}


def _draw_matrix(ax: Axes, matrix: Array, view: InsideView, title: str) -> None:
    shown = ax.imshow(
        matrix[:, slot_order(view.read)],
        cmap=INK,
        norm=PowerNorm(FAINT, 0, 1),
        aspect="auto",
        interpolation="nearest",
    )
    draw_key(ax, shown, (0, 0.25, 1))
    ax.set_title(title, loc="left", fontsize=points(8))
    order = "by the context that reads" if on_page() else "in the order of the contexts that read"
    ax.set_xlabel(f"slot, {order} it most", fontsize=points(8))
    ax.set_ylabel("context, oldest bit first", fontsize=points(8))
    every = max(1, len(matrix) // 16)
    rows = range(0, len(matrix), every)
    ax.set_yticks(rows, [f"{row:0{view.context_bits}b}" for row in rows])
    ax.tick_params(labelsize=6, length=2)
    ax.spines[:].set(visible=True, color=FRAME_GREY, linewidth=0.5)


def _draw_change(ax: Axes, change: Array) -> None:
    ax.bar(range(len(change)), change, color=LINES[0].colour, width=0.7)
    ax.set_xlabel("steps from the read to the write")
    ax.set_ylabel("part of the change" + ("" if in_column() else " of what was read"))
    ax.set_ylim(0, 1)
    number_steps(ax, 10)


def _draw_strengths(ax: Axes, strengths: Mapping[str, Profile]) -> None:
    for (name, profile), look in zip(strengths.items(), line_styles(), strict=False):
        seen = profile.steps[:-1] >= FEWEST_STEPS  # the last bin holds contexts of all kinds
        ax.errorbar(
            np.flatnonzero(seen) + 1,
            profile.mean[:-1][seen],
            profile.se[:-1][seen],
            color=look.colour,
            linestyle=look.dashes,
            marker=look.marker,
            markersize=3,
            label=name,
        )
    ax.set_xlabel("visit of the context")
    ax.set_ylabel("write weighting")
    column = in_column()
    ax.set_ylim(0, (ROOM_IN_COLUMN if column else LEGEND_ROOM) * ax.get_ylim()[1])
    number_steps(ax, 10)
    ax.legend(loc="upper left" if column else "best")


def _draw_content(ax: Axes, explained: Mapping[str, Profile], prior: Sequence[float]) -> None:
    names = list(explained)
    values = [max(0.0, float(explained[name].mean)) for name in names]
    colours = [FRAME_GREY if name in CONTROLS else LINES[0].colour for name in names]
    places = range(len(names))
    ax.barh(places, values, color=colours, height=0.7)
    for place, name in enumerate(names):
        ax.text(
            values[place] + (0.03 if in_column() else 0.01),
            place,
            f"{round(float(explained[name].mean), 2) + 0.0:.2f}",
            va="center",
            fontsize=7,
        )
    ax.set_yticks(places, [_formula(name, prior) for name in names])
    ax.invert_yaxis()
    ax.set_xlim(0, 1.12)
    ax.set_xlabel("R² of a linear fit from the content read")


def _formula(name: str, prior: Sequence[float]) -> str:
    """A function of the counts as it is written; a control by its name.

    >>> _formula("logit", (0.5, 0.5)), _formula("ratio", (0.1, 2))
    ('log (N1+½)/(N0+½)', '(N1+0.1)/(N1+N0+2.1)')
    """
    one, zero = ("½" if number == 0.5 else f"{number:g}" for number in prior)
    formulas = {
        "logit": f"log (N1+{one})/(N0+{zero})",
        "ratio": f"(N1+{one})/(N1+N0+{sum(prior):g})",
        "difference": "N1−N0",
        "ones": "log(1+N1)",
        "zeros": "log(1+N0)",
        "total": "log(1+N1+N0)",
    }
    return formulas.get(name, name)


def _draw_adds(ax: Axes, adds: Mapping[str, Profile]) -> None:
    values = [float(profile.mean) for profile in adds.values()]
    ax.bar(range(len(values)), values, color=[look.colour for look in LINES[: len(values)]])
    ax.axhline(0, color="black", lw=0.6)
    ax.set_xticks(range(len(values)), list(adds))
    ax.set_xlabel("outcomes")
    ax.set_ylabel("cosine of add vectors")
    ax.set_ylim(-1, 1)


def _steps(lag: int) -> str:
    return f"{lag} step" if lag == 1 else f"{lag} steps"

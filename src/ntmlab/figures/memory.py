"""Figure 15 of *Neural Turing Machines* (2014): how the memory is used on a sequence of bits.

Coordinates: x is the step, y the slot or component.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import offset_copy
from numpy.typing import ArrayLike, NDArray

from ntmlab.errors import InputError
from ntmlab.figures.key import INK, draw_key
from ntmlab.figures.panels import (
    MemoryUse,
    Panel,
    Slots,
    arrange_panels,
    check_shapes,
    chosen_heads,
    chosen_slots,
)
from ntmlab.figures.rows import Window, shown_steps
from ntmlab.figures.style import (
    ARROW_RED,
    COLUMN,
    FRAME_GREY,
    PAGE,
    TICK_ROOM,
    arrow_look,
    axes_width,
    new_figure,
    style,
)
from ntmlab.figures.width import in_column, in_print

GAP: Final = 0.25  # inches between panels; a title fits
ARROW_GAP: Final = 0.5  # inches under a panel with arrows, so that they miss the next title
FIGURE_WIDTH: Final = 14.0  # inches
EDGES: Final = 0.9  # inches, for the axis beneath
ARROW_POINTS: Final = 17  # length of an arrow
ABOVE_TITLE: Final = 13.0  # points from a panel to a legend that has no room beside its title
THIN: Final = 0.5  # inches; from this height down a key has no middle tick


def memory(
    use: MemoryUse,
    bits: ArrayLike,
    *,
    arrows: Sequence[int] = (),
    about_arrows: str = "marked steps",
    written_after: int | None = None,
    slots: Slots = "used",
    read_head: int | None = None,
    write_head: int | None = None,
    window: Window = None,
    ax: Axes | None = None,
) -> dict[str, Axes]:
    """Draws a memory in use; returns the axes by name, from top to bottom.

    The panels, on one axis of time: ``add vectors`` (grey is 0, black the largest, white its
    negative), ``write weightings`` (black is 1), ``predictions`` and ``inputs`` (black is 1, the
    input at a step being the bit predicted there), ``read weightings``. Weightings have the square
    root as grey scale, so that faint ones are seen. Right of each panel is the key to its greys.
    With several heads each has a panel, numbered from 1, unless ``read_head`` or ``write_head``
    chooses one, from 0.

    ``slots`` are those shown: "used" ones, where a weighting reaches 0.1, by number or by "first
    use"; all; or a list. Red arrows point up at the steps ``arrows``, under every panel of
    weightings: at the `recurrences` of one context, the paper's figure shows the same slot read at
    the step and written at the next. With ``written_after`` the slot read most at an arrow is
    framed there, and among the write weightings so many steps later. A legend above all says so,
    and ``about_arrows`` what they mark. ``window`` shows a stretch.
    The panels fill ``ax`` if given.

    Raises InputError where shapes do not agree, or for heads, slots, arrows or windows outside.
    """
    row = np.asarray(bits, dtype=np.float64)
    check_shapes(use, row)
    steps = shown_steps(window, len(row))
    if any(step not in range(len(row)) for step in arrows):
        raise InputError(f"arrows must stand at steps from 0 to {len(row) - 1}, not {list(arrows)}")
    use = chosen_heads(use, read_head, write_head)
    shown = chosen_slots(use, slots, steps)
    panels = arrange_panels(use, row, shown, steps)
    with style():
        axes = _make_axes(panels, ax, arrows=bool(len(arrows)))
        for panel, own in zip(panels, axes, strict=True):
            _draw_panel(own, panel, steps)
            if "weightings" in panel.name:
                _draw_arrows(own, [step for step in arrows if step in steps])
                if written_after is not None:
                    late = written_after if "write" in panel.name else 0
                    _draw_frames(own, use, shown, arrows, late, steps)
        if len(arrows):
            _explain(axes[0], about_arrows, written_after)
        for own in axes[:-1]:
            own.tick_params(axis="x", length=0, labelbottom=False)
        axes[-1].tick_params(axis="x", pad=ARROW_POINTS + 1 if arrows else 2)
        axes[-1].set_xlabel("step")
    return {panel.name: own for panel, own in zip(panels, axes, strict=True)}


def recurrences(bits: ArrayLike, context: str) -> list[int]:
    """The steps at which the bits before are ``context``, so that its next bit is predicted there.

    >>> recurrences([0, 1, 0, 1, 1], "01")
    [2, 4]

    Raises InputError for a context that is empty or not of zeros and ones.
    """
    if not context or set(context) - {"0", "1"}:
        raise InputError(f"a context is written in 0 and 1, such as 00010, not {context!r}")
    text = "".join(f"{bit:.0f}" for bit in np.asarray(bits, dtype=np.float64))
    size = len(context)
    return [step for step in range(size, len(text)) if text[step - size : step] == context]


def _make_axes(panels: Sequence[Panel], ax: Axes | None, *, arrows: bool) -> list[Axes]:
    """An axes for each panel, in a frame that shows nothing itself."""
    gaps = [ARROW_GAP if arrows and "weightings" in panel.name else GAP for panel in panels]
    gaps[-1] = 0.0
    whole = sum(panel.inches for panel in panels) + sum(gaps)
    if ax is None:
        ax = new_figure(FIGURE_WIDTH, whole + EDGES).add_subplot()
    ax.set_axis_off()
    axes: list[Axes] = []
    top = whole
    for panel, gap in zip(panels, gaps, strict=True):
        place = (0, (top - panel.inches) / whole, 1, panel.inches / whole)
        axes.append(ax.inset_axes(place, sharex=axes[0] if axes else None))
        top -= panel.inches + gap
    return axes


def _draw_panel(ax: Axes, panel: Panel, steps: range) -> None:
    low, high = panel.limits
    shown = ax.imshow(
        panel.values,
        cmap=INK,
        norm=PowerNorm(panel.exponent, low, high),
        aspect="auto",
        interpolation="nearest",
        extent=(steps.start - 0.5, steps.stop - 0.5, len(panel.values) - 0.5, -0.5),
    )
    ax.set_label(panel.name)
    ax.set_title(panel.name, loc="left", fontsize=8, pad=2)
    ax.set_ylabel(panel.unit, fontsize=7)
    most = min(20, int(axes_width(ax) / TICK_ROOM))
    least = min(2, len(steps))  # of one step there is one number
    ax.xaxis.set_major_locator(
        MaxNLocator(nbins=most, integer=True, steps=[1, 2, 5, 10], min_n_ticks=least)
    )
    every = -(-len(panel.ticks) // 8) or 1
    ax.set_yticks(range(0, len(panel.ticks), every), panel.ticks[::every])
    ax.tick_params(length=2, labelsize=7)
    ax.spines[:].set(visible=True, color=FRAME_GREY, linewidth=0.5)
    middle = low + (high - low) * 0.5 ** (1 / panel.exponent)  # half as black as the highest
    draw_key(ax, shown, (low, middle, high) if panel.inches > THIN else (low, high))


def _draw_frames(
    ax: Axes,
    use: MemoryUse,
    slots: NDArray[np.int64],
    arrows: Sequence[int],
    late: int,
    steps: range,
) -> None:
    """Frames about the slot that is read most at each arrow, ``late`` steps after it.

    It takes in a step and a slot more to each side, where the panel has one on both.
    """
    read = use.read_weightings.mean(1)
    for step in arrows:
        (rows,) = np.nonzero(slots == read[step].argmax())
        if step + late in steps and len(rows):
            x, y = step + late, int(rows[0])
            wide = 0.5 + (steps.start < x < steps.stop - 1)
            tall = 0.5 + (0 < y < len(slots) - 1)
            corner = (x - wide, y - tall)
            frame = Rectangle(corner, 2 * wide, 2 * tall, gid=f"frame/{step}")
            frame.set(facecolor="none", edgecolor=ARROW_RED, linewidth=0.8, clip_on=False)
            ax.add_patch(frame)


def _explain(ax: Axes, about: str, late: int | None) -> None:
    """What arrows and frames mean, above the uppermost panel."""
    arrow = Line2D([], [], ls="", marker="^", ms=6, color=ARROW_RED, label=about)
    handles: list[Artist] = [arrow]
    if late is not None:
        steps = "at the same step" if late == 0 else f"{late} step{'s' * (late > 1)} later"
        apart = "\n" if in_column() else " "
        text = f"the slot read most there; among{apart}the write weightings, {steps}"
        frame = Patch(facecolor="none", edgecolor=ARROW_RED, label=text)
        handles.append(frame)
    look: dict[str, Any] = {
        "ncols": 1 if in_print() else len(handles),
        "borderaxespad": 0.2,
        "handlelength": 1.2,
    }
    rise = ABOVE_TITLE if in_print() else 0.0
    place = offset_copy(ax.transAxes, ax.get_figure(root=True), y=rise, units="points")
    look |= {"bbox_to_anchor": (1, 1), "bbox_transform": place}
    ax.legend(handles=handles, loc="lower right", **look)


def _draw_arrows(ax: Axes, steps: Sequence[int]) -> None:
    """Arrows from beneath the panel up to its lower edge."""
    for step in steps:
        ax.annotate(
            "",
            xy=(step, 0),
            xycoords=ax.get_xaxis_transform(),
            xytext=(0, -ARROW_POINTS),
            textcoords="offset points",
            annotation_clip=False,
            gid=f"arrow/{step}",
            arrowprops=arrow_look((COLUMN if in_column() else PAGE).arrow),
        )

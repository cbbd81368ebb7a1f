"""One axes of strips: rows under each other on one axis of steps.

Coordinates: x is the step; y runs downward in units of a strip's height.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ntmlab.evaluation.bits import Array
from ntmlab.figures.captions import in_bits
from ntmlab.figures.key import draw_key
from ntmlab.figures.lines import MEANINGS, line_names, sign
from ntmlab.figures.rows import Row, Strips
from ntmlab.figures.style import ARROW_RED, FRAME_GREY, TEXT_GREY, arrow_look, axes_width

# In strips of one line: white between two strips, and under one that has arrows.
GAP, ARROW_GAP = 0.22, 0.72
ARROW_TIP, ARROW_TAIL = 0.06, 0.62  # under the strip
OUTLINE_MARGIN = 0.12
LINE, LEAST_LINES, MOST_LINES = 0.34, 1.2, 6.0  # a line a letter: of one, and of all together

READABLE_STEP = 9.0  # points; from this width on a step is framed and its symbol written out
CRISP_STEPS = 1500  # longer sequences are smoothed, lest nearest pixels drop whole steps

# In points: the size of a departure beside its arrow, a character of it, and white about it.
SIZE_FONT, SIZE_CHARACTER, SIZE_MARGIN = 6.5, 4.2, 5.5
LINE_MARGIN = 2.5  # points, about what a size must not cross
LINE_FONT, LINE_PAD = 6.5, 14.0  # points: of the letters of lines, and room for them


class Place(NamedTuple):
    """Where a strip is."""

    top: float
    bottom: float


def draw_panel(ax: Axes, shown: Strips, scale: ScalarMappable, framed: range | None = None) -> None:
    """Strips, arrows with their sizes, labels, the value scale, and a frame about some steps."""
    strips, bottom = places(shown.rows)
    step_width = axes_width(ax) / len(shown.steps)
    _dress(ax, shown, strips, bottom)
    edges = [] if framed is None else [framed.start - 0.5, framed.stop - 0.5]
    for row, place in zip(shown.rows, strips, strict=True):
        _draw_strip(ax, row, place, shown.steps, scale)
        _draw_arrows(ax, row, place)
        _draw_sizes(ax, row, place, step_width, edges)
    widest = len(sign(shown.letters - 1, shown.letters))
    if step_width >= READABLE_STEP + SIZE_CHARACTER * (widest - 1):
        _draw_cells(ax, shown.steps, strips)
        _draw_symbols(ax, shown, strips[0], scale)
    if framed is not None:
        _draw_frame(ax, framed, bottom)
    part = strips[-1].bottom / bottom
    draw_key(ax, scale, (0, 0.5, 1), label=MEANINGS[shown.show], part=part, size=8)


def places(rows: Sequence[Row]) -> tuple[list[Place], float]:
    """The place of each strip, and the lower edge of the picture."""
    strips, y = [], 0.0
    for row in rows:
        lines = len(row.values)
        height = 1.0 if lines == 1 else min(MOST_LINES, max(LEAST_LINES, LINE * lines))
        strips.append(Place(y, y + height))
        y += height + (ARROW_GAP if row.arrows else GAP)
    return strips, y


def _middles(place: Place, lines: int) -> Array:
    """The middle of each line of a strip."""
    return place.top + (np.arange(lines) + 0.5) * (place.bottom - place.top) / lines


def _draw_strip(ax: Axes, row: Row, place: Place, steps: range, scale: ScalarMappable) -> None:
    left, right = steps.start - 0.5, steps.stop - 0.5
    ax.imshow(
        row.values,
        cmap=scale.cmap,
        norm=Normalize(0, 1),
        aspect="auto",
        interpolation="nearest" if len(steps) <= CRISP_STEPS else "antialiased",
        extent=(left, right, place.bottom, place.top),
        label=row.label,
    )
    height = place.bottom - place.top
    frame = Rectangle((left, place.top), right - left, height, fill=False, ec=FRAME_GREY, lw=0.5)
    frame.set_clip_on(False)
    ax.add_patch(frame)
    if len(row.values) > 1:
        borders = np.linspace(place.top, place.bottom, len(row.values) + 1)[1:-1]
        ax.hlines(borders, left, right, color=FRAME_GREY, linewidth=0.3)


def _draw_frame(ax: Axes, steps: range, bottom: float) -> None:
    """The frame about the steps that are enlarged."""
    corner = (steps.start - 0.5, -OUTLINE_MARGIN)
    size = (len(steps), bottom + OUTLINE_MARGIN)
    frame = Rectangle(corner, *size, fill=False, ec=TEXT_GREY, lw=1.1, ls="--", gid="close-up")
    frame.set(clip_on=False, zorder=4)
    ax.add_patch(frame)


def _draw_arrows(ax: Axes, row: Row, place: Place) -> None:
    for step in row.arrows:
        ax.annotate(
            "",
            xy=(step, place.bottom + ARROW_TIP),
            xytext=(step, place.bottom + ARROW_TAIL),
            annotation_clip=False,
            gid=f"arrow/{row.label}/{step}",
            arrowprops=arrow_look(),
        )


def _draw_sizes(ax: Axes, row: Row, place: Place, points: float, borders: Sequence[float]) -> None:
    """The bits lost at each arrow, right of it, or left, where one of them has room.

    A step is ``points`` wide. A text crosses none of the ``borders``, at steps, nor other texts.
    """
    taken = [(at * points - LINE_MARGIN, at * points + LINE_MARGIN) for at in borders]
    taken += [(at * points - SIZE_MARGIN, at * points + LINE_MARGIN) for at in row.arrows]
    least, most = sorted(at * points for at in ax.get_xlim())
    for step, bits in row.arrows.items():
        text = in_bits(bits)
        near, far = SIZE_MARGIN, SIZE_MARGIN + SIZE_CHARACTER * len(text)
        for side, align in ((1, "left"), (-1, "right")):
            start, stop = sorted((step * points + side * near, step * points + side * far))
            free = all(stop <= begin or start >= end for begin, end in taken)
            if free and least <= start and stop <= most:
                middle = place.bottom + (ARROW_TIP + ARROW_TAIL) / 2
                ax.annotate(text, xy=(step, middle), xytext=(side * near, 0),
                            textcoords="offset points", ha=align, va="center_baseline",
                            fontsize=SIZE_FONT, color=ARROW_RED, annotation_clip=False,
                            gid=f"size/{row.label}/{step}")  # fmt: skip
                taken.append((start, stop))
                break


def _draw_cells(ax: Axes, steps: range, strips: Sequence[Place]) -> None:
    """Borders between the steps."""
    borders = np.arange(steps.start + 0.5, steps.stop - 1)
    for place in strips:
        ax.vlines(borders, place.top, place.bottom, color=FRAME_GREY, linewidth=0.4)


def _draw_symbols(ax: Axes, shown: Strips, place: Place, scale: ScalarMappable) -> None:
    """The symbols themselves, on the input's strip, in the other end of the scale."""
    values = shown.rows[0].values
    heights = _middles(place, len(values))
    size = 7.5 if len(values) == 1 else LINE_FONT
    for at, (step, symbol) in enumerate(zip(shown.steps, shown.symbols, strict=True)):
        line = int(symbol) if len(values) > 1 else 0
        colour = scale.cmap(1.0 - round(float(values[line, at])))
        ax.text(step, heights[line], sign(int(symbol), shown.letters), color=colour, ha="center",
                va="center_baseline", fontsize=size, gid="symbol")  # fmt: skip


def _dress(ax: Axes, shown: Strips, strips: Sequence[Place], bottom: float) -> None:
    """Limits, labels and ticks."""
    steps, names = shown.steps, line_names(shown.show, shown.letters)
    ax.set_xlim(steps.start - 0.5, steps.stop - 0.5)
    ax.set_ylim(bottom, 0)
    middles = [(place.top + place.bottom) / 2 for place in strips]
    ax.set_yticks(middles, [row.label for row in shown.rows])
    ax.tick_params(axis="y", length=0, labelsize=9, pad=LINE_PAD if names else 3.5)
    if names:
        at = np.concatenate([_middles(place, len(names)) for place in strips])
        ax.yaxis.remove_overlapping_locs = False  # a letter's name stands where the strip's does
        ax.set_yticks(at, names * len(strips), minor=True)
        ax.tick_params(axis="y", which="minor", length=0, labelsize=LINE_FONT, pad=2)
    ax.tick_params(axis="x", length=2.5, labelsize=8)
    ticks = MaxNLocator(nbins=20, integer=True, steps=[1, 2, 5, 10], min_n_ticks=1)
    ax.xaxis.set_major_locator(ticks)
    ax.set_xlabel("step")
    for spine in ax.spines.values():
        spine.set_visible(False)

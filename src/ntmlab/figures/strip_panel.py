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
from ntmlab.figures.key import INK, draw_bits_key, draw_key
from ntmlab.figures.lines import MEANINGS, SHORT, line_names, sign
from ntmlab.figures.rows import Row, Strips
from ntmlab.figures.style import (
    ARROW_RED,
    FRAME_GREY,
    PAGE,
    TEXT_GREY,
    Type,
    arrow_look,
    axes_height,
    axes_width,
)

# In strips of one line: white between two strips, and under one that has arrows.
GAP, ARROW_GAP = 0.22, 0.72
ARROW_TIP, ARROW_TAIL = 0.06, 0.62  # under the strip
OUTLINE_MARGIN = 0.12
LINE, LEAST_LINES, MOST_LINES = 0.34, 1.2, 6.0  # a line a letter: of one, and of all together
THINNER, NEAR = 0.55, 0.06  # a strip of differences: its part of the strip above, and white between

READABLE_STEP = 9.0  # points; from this width on a step is framed and its symbol written out
CRISP_STEPS = 1500  # longer sequences are smoothed, lest nearest pixels drop whole steps

# In points: a character of the size of a departure beside its arrow, and white about it.
SIZE_CHARACTER, SIZE_MARGIN = 4.2, 5.5
LINE_MARGIN = 2.5  # points, about what a size must not cross
LINE_FONT, LINE_PAD = 6.5, 14.0  # points: of the letters of lines, and room for them
MOST_TICKS = 20
KEYS_APART = 0.12  # of the height of two keys together, and at least
LINE_APART = 1.7  # sizes of type: the number at the end of one stands clear of the other's
TICK_ROOM = 20.0  # points, that the number of a step takes with white about it
LABEL_PAD = 3.5  # points, between a strip and its label


class Place(NamedTuple):
    """Where a strip is, and the end of its differences, the strip's own without any."""

    top: float
    bottom: float
    end: float


class Look(NamedTuple):
    """How a panel is drawn."""

    dark_is_one: bool = True
    type: Type = PAGE
    columns: int | None = None  # steps that there is room for; None: those shown
    keyed: bool = True  # whether it has the keys to its greys
    framed: range | None = None  # steps with a frame about them

    def scale(self, least: float) -> ScalarMappable:
        """The greys of values from ``least`` to 1, or to its opposite where it is negative."""
        return ScalarMappable(Normalize(least, abs(least) or 1), self.greys)

    @property
    def greys(self) -> str:
        """Matplotlib's name of the greys."""
        return INK if self.dark_is_one else "gray"


def draw_panel(ax: Axes, shown: Strips, look: Look) -> None:
    """Strips, arrows with their sizes, labels, the keys, and a frame about some steps."""
    strips, bottom = places(shown.rows)
    room = max(look.columns or 0, len(shown.steps))
    step_width, framed = axes_width(ax) / room, look.framed
    _dress(ax, shown, strips, bottom, room, look.type)
    edges = [] if framed is None else [framed.start - 0.5, framed.stop - 0.5]
    scale, signed = look.scale(0), look.scale(-shown.reach)
    for row, place in zip(shown.rows, strips, strict=True):
        _draw_strip(ax, row.label, row.values, place[:2], shown.steps, scale)
        if row.difference is not None:
            own = (place.bottom + NEAR, place.end)
            _draw_strip(ax, f"{row.label} difference", row.difference, own, shown.steps, signed)
            _name_difference(ax, f"− {shown.reference}", sum(own) / 2, look.type)
        _draw_arrows(ax, row, place, look.type.arrow)
        _draw_sizes(ax, row, place, step_width, edges, look.type.small)
    widest = len(sign(shown.letters - 1, shown.letters))
    if step_width >= READABLE_STEP + SIZE_CHARACTER * (widest - 1):
        _draw_cells(ax, shown.steps, strips)
        _draw_symbols(ax, shown, strips[0], scale)
    if framed is not None:
        _draw_frame(ax, framed, bottom)
    if look.keyed:
        _draw_keys(ax, shown, strips, bottom, look)


def _draw_keys(ax: Axes, shown: Strips, strips: Sequence[Place], bottom: float, look: Look) -> None:
    """The key of bits beside the input; that of probabilities, and of differences below it."""
    bits = shown.show == "one"
    if bits:
        input_parts = (strips[0].top / bottom, strips[0].bottom / bottom)
        draw_bits_key(ax, input_parts, dark_is_one=look.dark_is_one, size=look.type.tick)
    first = strips[1].top / bottom if bits and len(strips) > 1 else 0.0
    last = strips[-1].end / bottom
    differs = any(row.difference is not None for row in shown.rows)
    middle = (first + last) / 2 if differs else last
    has_room = look.type is PAGE or not differs
    said, size = (MEANINGS if has_room else SHORT)[shown.show], look.type.tick
    draw_key(ax, look.scale(0), (0, 0.5, 1), label=said, parts=(first, middle), size=size)
    if differs:
        signed, ends = look.scale(-shown.reach), (-shown.reach, 0, shown.reach)
        apart = max(KEYS_APART * (last - first), LINE_APART * size / axes_height(ax))
        parts = (middle + apart, last)
        draw_key(ax, signed, ends, label="difference", parts=parts, size=size)


def places(rows: Sequence[Row]) -> tuple[list[Place], float]:
    """The place of each strip, and the lower edge of the picture."""
    strips, y = [], 0.0
    for row in rows:
        lines = len(row.values)
        height = 1.0 if lines == 1 else min(MOST_LINES, max(LEAST_LINES, LINE * lines))
        below = 0.0 if row.difference is None else NEAR + THINNER * height
        strips.append(Place(y, y + height, y + height + below))
        y = strips[-1].end + (ARROW_GAP if row.arrows else GAP)
    return strips, y


def _middles(place: Place, lines: int) -> Array:
    """The middle of each line of a strip."""
    return place.top + (np.arange(lines) + 0.5) * (place.bottom - place.top) / lines


def _draw_strip(
    ax: Axes,
    label: str,
    values: Array,
    edges: tuple[float, float],
    steps: range,
    scale: ScalarMappable,
) -> None:
    """Values between an upper and a lower edge."""
    (left, right), (top, bottom) = (steps.start - 0.5, steps.stop - 0.5), edges
    ax.imshow(
        values,
        cmap=scale.cmap,
        norm=Normalize(*scale.get_clim()),
        aspect="auto",
        interpolation="nearest" if len(steps) <= CRISP_STEPS else "antialiased",
        extent=(left, right, bottom, top),
        label=label,
    )
    frame = Rectangle((left, top), right - left, bottom - top, fill=False, ec=FRAME_GREY, lw=0.5)
    frame.set_clip_on(False)
    ax.add_patch(frame)
    if len(values) > 1:
        borders = np.linspace(top, bottom, len(values) + 1)[1:-1]
        ax.hlines(borders, left, right, color=FRAME_GREY, linewidth=0.3)


def _name_difference(ax: Axes, name: str, height: float, type: Type) -> None:
    """The label of a strip of differences, smaller than that of the strip above."""
    ax.annotate(name, xy=(0, height), xycoords=ax.get_yaxis_transform(), xytext=(-LABEL_PAD, 0),
                textcoords="offset points", ha="right", va="center", fontsize=type.small,
                color=TEXT_GREY, annotation_clip=False, gid="difference")  # fmt: skip


def _draw_frame(ax: Axes, steps: range, bottom: float) -> None:
    """The frame about the steps that are enlarged."""
    corner = (steps.start - 0.5, -OUTLINE_MARGIN)
    size = (len(steps), bottom + OUTLINE_MARGIN)
    frame = Rectangle(corner, *size, fill=False, ec=TEXT_GREY, lw=1.1, ls="--", gid="close-up")
    frame.set(clip_on=False, zorder=4)
    ax.add_patch(frame)


def _draw_arrows(ax: Axes, row: Row, place: Place, head: float) -> None:
    for step in row.arrows:
        ax.annotate(
            "",
            xy=(step, place.end + ARROW_TIP),
            xytext=(step, place.end + ARROW_TAIL),
            annotation_clip=False,
            gid=f"arrow/{row.label}/{step}",
            arrowprops=arrow_look(head),
        )


def _draw_sizes(
    ax: Axes, row: Row, place: Place, points: float, borders: Sequence[float], font: float
) -> None:
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
                middle = place.end + (ARROW_TIP + ARROW_TAIL) / 2
                ax.annotate(text, xy=(step, middle), xytext=(side * near, 0),
                            textcoords="offset points", ha=align, va="center_baseline",
                            fontsize=font, color=ARROW_RED, annotation_clip=False,
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


def _dress(
    ax: Axes, shown: Strips, strips: Sequence[Place], bottom: float, room: int, type: Type
) -> None:
    """Limits, labels and ticks."""
    steps, names = shown.steps, line_names(shown.show, shown.letters)
    ax.set_xlim(steps.start - 0.5, steps.start + room - 0.5)
    ax.set_ylim(bottom, 0)
    middles = [(place.top + place.bottom) / 2 for place in strips]
    ax.set_yticks(middles, [row.label for row in shown.rows])
    ax.tick_params(axis="y", length=0, labelsize=type.label, pad=LINE_PAD if names else LABEL_PAD)
    if names:
        at = np.concatenate([_middles(place, len(names)) for place in strips])
        ax.yaxis.remove_overlapping_locs = False  # a letter's name stands where the strip's does
        ax.set_yticks(at, names * len(strips), minor=True)
        ax.tick_params(axis="y", which="minor", length=0, labelsize=LINE_FONT, pad=2)
    ax.tick_params(axis="x", length=2.5, labelsize=type.tick)
    most = max(1, min(MOST_TICKS, int(axes_width(ax) / TICK_ROOM)))
    ticks = MaxNLocator(nbins=most, integer=True, steps=[1, 2, 5, 10], min_n_ticks=1)
    ax.xaxis.set_major_locator(ticks)
    ax.set_xlabel("step", fontsize=type.label)
    for spine in ax.spines.values():
        spine.set_visible(False)

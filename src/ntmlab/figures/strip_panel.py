"""One axes of strips: rows under each other on one axis of steps.

Coordinates: x is the step; y runs downward in units of a strip's height.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ntmlab.figures.captions import in_bits
from ntmlab.figures.key import draw_key
from ntmlab.figures.rows import Row, Strips
from ntmlab.figures.style import ARROW_RED, FRAME_GREY, TEXT_GREY, arrow_look, axes_width

# In strips: white between two of them, and under one that has arrows.
GAP, ARROW_GAP = 0.22, 0.72
ARROW_TIP, ARROW_TAIL = 0.06, 0.62  # under the strip
OUTLINE_MARGIN = 0.12

READABLE_STEP = 9.0  # points; from this width on a step is framed and its bit written out
CRISP_STEPS = 1500  # longer sequences are smoothed, lest nearest pixels drop whole steps

# In points: the size of a departure beside its arrow, a character of it, and white about it.
SIZE_FONT, SIZE_CHARACTER, SIZE_MARGIN = 6.5, 4.2, 5.5


def draw_panel(ax: Axes, shown: Strips, scale: ScalarMappable) -> None:
    """Strips, arrows with their sizes, labels and the value scale."""
    tops, bottom = places(shown.rows)
    step_width = axes_width(ax) / len(shown.steps)
    for row, top in zip(shown.rows, tops, strict=True):
        _draw_strip(ax, row, top, shown.steps, scale)
        _draw_arrows(ax, row, top)
        _draw_sizes(ax, row, top, shown.steps, step_width)
    if step_width >= READABLE_STEP:
        _draw_cells(ax, shown.steps, tops)
        _draw_digits(ax, shown.rows[0], tops[0], shown.steps, scale)
    _dress(ax, shown.rows, tops, bottom, shown.steps)
    _draw_scale(ax, scale, (tops[-1] + 1) / bottom)


def outline(panels: Sequence[Axes], large: Strips) -> None:
    """The frame about the enlarged steps, in the panel they are taken from and in their own."""
    for ax in panels:
        corner = (large.steps.start - 0.5, -OUTLINE_MARGIN)
        size = (len(large.steps), max(ax.get_ylim()) + OUTLINE_MARGIN)
        frame = Rectangle(corner, *size, fill=False, ec=TEXT_GREY, lw=1.1, ls="--", gid="close-up")
        frame.set(clip_on=False, zorder=4)
        ax.add_patch(frame)


def places(rows: Sequence[Row]) -> tuple[list[float], float]:
    """The upper edge of each strip, and the lower edge of the picture, in strips."""
    tops, y = [], 0.0
    for row in rows:
        tops.append(y)
        y += 1 + (ARROW_GAP if row.arrows else GAP)
    return tops, y


def _draw_strip(ax: Axes, row: Row, top: float, steps: range, scale: ScalarMappable) -> None:
    left, right = steps.start - 0.5, steps.stop - 0.5
    ax.imshow(
        row.values[np.newaxis],
        cmap=scale.cmap,
        norm=Normalize(0, 1),
        aspect="auto",
        interpolation="nearest" if len(steps) <= CRISP_STEPS else "antialiased",
        extent=(left, right, top + 1, top),
        label=row.label,
    )
    frame = Rectangle((left, top), right - left, 1, fill=False, ec=FRAME_GREY, lw=0.5)
    frame.set_clip_on(False)
    ax.add_patch(frame)


def _draw_arrows(ax: Axes, row: Row, top: float) -> None:
    for step in row.arrows:
        ax.annotate(
            "",
            xy=(step, top + 1 + ARROW_TIP),
            xytext=(step, top + 1 + ARROW_TAIL),
            annotation_clip=False,
            gid=f"arrow/{row.label}/{step}",
            arrowprops=arrow_look(),
        )


def _draw_sizes(ax: Axes, row: Row, top: float, steps: range, step_width: float) -> None:
    """The bits lost at each arrow, right of it, or left, where one of them has room."""
    taken = [(step * step_width - SIZE_MARGIN, step * step_width) for step in row.arrows]
    left, right = (steps.start - 0.5) * step_width, (steps.stop - 0.5) * step_width
    for step, bits in row.arrows.items():
        text = in_bits(bits)
        near, far = SIZE_MARGIN, SIZE_MARGIN + SIZE_CHARACTER * len(text)
        for side, align in ((1, "left"), (-1, "right")):
            start, stop = sorted((step * step_width + side * near, step * step_width + side * far))
            free = all(stop <= begin or start >= end for begin, end in taken)
            if free and left <= start and stop <= right:
                middle = top + 1 + (ARROW_TIP + ARROW_TAIL) / 2
                ax.annotate(text, xy=(step, middle), xytext=(side * near, 0),
                            textcoords="offset points", ha=align, va="center_baseline",
                            fontsize=SIZE_FONT, color=ARROW_RED, annotation_clip=False,
                            gid=f"size/{row.label}/{step}")  # fmt: skip
                taken.append((start, stop))
                break


def _draw_cells(ax: Axes, steps: range, tops: Sequence[float]) -> None:
    """Borders between the steps."""
    borders = np.arange(steps.start + 0.5, steps.stop - 1)
    for top in tops:
        ax.vlines(borders, top, top + 1, color=FRAME_GREY, linewidth=0.4)


def _draw_digits(ax: Axes, row: Row, top: float, steps: range, scale: ScalarMappable) -> None:
    """The bits themselves, on the first strip, in the other end of the scale."""
    for step, bit in zip(steps, row.values, strict=True):
        colour = scale.cmap(1.0 - round(float(bit)))
        ax.text(step, top + 0.5, f"{bit:.0f}", color=colour, ha="center", va="center_baseline",
                fontsize=7.5, gid="bit")  # fmt: skip


def _dress(
    ax: Axes, rows: Sequence[Row], tops: Sequence[float], bottom: float, steps: range
) -> None:
    """Limits, labels and ticks."""
    ax.set_xlim(steps.start - 0.5, steps.stop - 0.5)
    ax.set_ylim(bottom, 0)
    ax.set_yticks([top + 0.5 for top in tops], [row.label for row in rows])
    ax.tick_params(axis="y", length=0, labelsize=9)
    ax.tick_params(axis="x", length=2.5, labelsize=8)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=20, integer=True, steps=[1, 2, 5, 10]))
    ax.set_xlabel("step")
    for spine in ax.spines.values():
        spine.set_visible(False)


def _draw_scale(ax: Axes, scale: ScalarMappable, part: float) -> None:
    """The value scale, right of the strips and as high as they are together."""
    draw_key(ax, scale, (0, 0.5, 1), label="P(next bit = 1)", part=part, size=8)

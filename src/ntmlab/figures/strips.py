"""Figure 14 of *Neural Turing Machines* (2014): a sequence, and what each predictor expected.

Coordinates: x is the step; y runs downward in units of a strip's height.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ntmlab.evaluation.compare import Comparison
from ntmlab.figures.rows import Row, Window, arrange, wrapped
from ntmlab.figures.style import (
    CAPTION_SIZE,
    FRAME_GREY,
    TEXT_GREY,
    arrow_look,
    axes_width,
    caption_characters,
    new_figure,
    style,
)

# In strips: white between two of them, and under one that has arrows.
GAP, ARROW_GAP = 0.22, 0.72
ARROW_TIP, ARROW_TAIL = 0.06, 0.62  # under the strip

# In inches.
STRIP_HEIGHT = 0.36
WIDEST, NARROWEST = 12.0, 6.0
SIDES, STEP_WIDTH = 2.0, 0.25
AXIS_HEIGHT, CAPTION_LINE = 0.55, 0.17

READABLE_STEP = 9.0  # points; from this width on a step is framed and its bit written out
CRISP_STEPS = 1500  # longer sequences are smoothed, lest nearest pixels drop whole steps
CAPTION_OFFSET = -36  # points, clear of the axis label


def strips(
    comparison: Comparison,
    index: int = 0,
    *,
    window: Window = None,
    arrows: int = 2,
    arrow_models: Sequence[str] | None = None,
    dark_is_one: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draws one sequence of a comparison as aligned grey strips; returns the axes.

    From the top: the bits of sequence ``index`` in black and white, then the probability that each
    predictor gave to a 1 at every step, in the comparison's order, one column a step, darker for
    higher probability (``dark_is_one=False`` turns the scale round). ``window``, a slice or (start,
    stop), shows a stretch of steps; where steps are wide enough, some 50 of them, their borders and
    the input's digits are drawn.

    Red arrows point up, from under the strip of a model, at the up to ``arrows`` steps where it
    departs most from the optimum, as `Comparison.divergences` defines them. Every model but the
    reference has arrows unless ``arrow_models`` names some. The caption says the rule and the cost
    of the whole sequence in bits. Without ``ax`` a figure of fitting size is made: ``ax.figure``.

    Raises InputError for sequences of several bits a step, an index or a window outside, an unknown
    model or a negative number of arrows.
    """
    shown = arrange(comparison, index, window, arrows, arrow_models)
    tops, bottom = places(shown.rows)
    with style():
        if ax is None:
            ax = _fitting_axes(len(shown.steps), bottom, len(shown.rows))
        scale = ScalarMappable(Normalize(0, 1), "gray_r" if dark_is_one else "gray")
        for row, top in zip(shown.rows, tops, strict=True):
            _draw_strip(ax, row, top, shown.steps, scale)
            _draw_arrows(ax, row, top)
        if axes_width(ax) / len(shown.steps) >= READABLE_STEP:
            _draw_cells(ax, shown.steps, tops)
            _draw_digits(ax, shown.rows[0], tops[0], shown.steps, scale)
        _dress(ax, shown.rows, tops, bottom, shown.steps)
        _draw_scale(ax, scale, (tops[-1] + 1) / bottom)
        _write_caption(ax, shown.caption)
    return ax


def places(rows: Sequence[Row]) -> tuple[list[float], float]:
    """The upper edge of each strip, and the lower edge of the picture, in strips."""
    tops, y = [], 0.0
    for row in rows:
        tops.append(y)
        y += 1 + (ARROW_GAP if row.arrows else GAP)
    return tops, y


def _fitting_axes(steps: int, height: float, rows: int) -> Axes:
    """The axes of a new figure: as wide as the steps need and a page bears."""
    width = min(WIDEST, max(NARROWEST, SIDES + STEP_WIDTH * steps))
    lines = 2 + rows // 4
    return new_figure(
        width, STRIP_HEIGHT * height + AXIS_HEIGHT + CAPTION_LINE * lines
    ).add_subplot()


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
    bar_axes = ax.inset_axes((1.012, 1 - part, 0.01, part))
    bar = ax.figure.colorbar(scale, cax=bar_axes, ticks=[0, 0.5, 1])
    bar.ax.set_yticklabels(["0", "0.5", "1"])
    bar.set_label("P(next bit = 1)", fontsize=8)
    bar.ax.tick_params(length=2, labelsize=8)
    bar.outline.set(linewidth=0.5, edgecolor=FRAME_GREY)


def _write_caption(ax: Axes, sentences: Sequence[str]) -> None:
    characters = caption_characters(ax)
    ax.annotate(
        "\n".join("\n".join(wrapped(sentence, characters)) for sentence in sentences),
        xy=(0, 0),
        xycoords="axes fraction",
        xytext=(0, CAPTION_OFFSET),
        textcoords="offset points",
        va="top",
        fontsize=CAPTION_SIZE,
        color=TEXT_GREY,
        linespacing=1.35,
        annotation_clip=False,
        gid="caption",
    )

"""Figures 4, 5 and 8 of *Neural Turing Machines* (2014): targets above outputs, at several sizes.

Legend: T answer steps, O output channels. Coordinates: x is the step of the answer, y the channel.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.figures.key import INK, draw_key
from ntmlab.figures.style import ARROW_RED, FRAME_GREY, new_figure, style
from ntmlab.studies.generalise.measure import Pair

FIGURE_WIDTH: Final = 12.0  # inches
STRIP: Final = 0.62  # inches, height of a strip
GAP: Final = 0.12  # inches between a target and its output
ROW_GAP: Final = 0.62  # inches between rows of pairs, with title and ticks
NOTE: Final = 0.14  # inches, a line of notes
SPACE: Final = 6.0  # steps between pairs in a row
THRESHOLD: Final = 0.5


def generalise(
    pairs: Sequence[Pair], *, notes: Sequence[str] = (), ax: Axes | None = None
) -> list[tuple[Axes, Axes]]:
    """Draws each pair as two grey strips, targets above outputs, black 1 and white 0.

    A red frame marks each wrong bit of the output: one on the other side of one half from its
    target. Steps are as wide in every pair; short pairs share a row. ``notes`` are lines beneath
    all. Returns the two axes of each.

    Raises InputError without pairs, or where targets and outputs differ in shape.
    """
    if not pairs:
        raise InputError("there is no target and output to draw")
    for pair in pairs:
        if np.ndim(pair.targets) != 2 or np.shape(pair.targets) != np.shape(pair.outputs):
            raise InputError(
                f"{pair.title}: targets and outputs must both be (steps, channels), not "
                f"{np.shape(pair.targets)} and {np.shape(pair.outputs)}"
            )
    rows = packed([len(pair.targets) for pair in pairs])
    with style():
        return _draw(pairs, rows, notes, ax)


def packed(steps: Sequence[int]) -> list[list[int]]:
    """Pairs by row, in order, no row longer than the longest pair and spaces allow.

    >>> packed([10, 20, 30, 50, 120])
    [[0, 1, 2, 3], [4]]
    """
    most = max(steps) + SPACE * 3
    rows: list[list[int]] = []
    filled = most
    for number, size in enumerate(steps):
        if filled + SPACE + size > most:
            rows.append([])
            filled = -SPACE
        rows[-1].append(number)
        filled += SPACE + size
    return rows


def wrong(pair: Pair) -> Array:
    """Steps and channels of the wrong bits, (wrong, 2)."""
    differ = (np.asarray(pair.outputs) > THRESHOLD) != (np.asarray(pair.targets) > THRESHOLD)
    return np.argwhere(differ).astype(np.float64)


def _draw(
    pairs: Sequence[Pair], rows: list[list[int]], notes: Sequence[str], ax: Axes | None
) -> list[tuple[Axes, Axes]]:
    height = len(rows) * (2 * STRIP + GAP + ROW_GAP)
    if ax is None:
        ax = new_figure(FIGURE_WIDTH, height + 0.3 + NOTE * len(notes)).add_subplot()
    ax.set_axis_off()
    widest = max(sum(len(pairs[i].targets) + SPACE for i in row) - SPACE for row in rows)
    drawn = []
    for number, row in enumerate(rows):
        top = height - number * (2 * STRIP + GAP + ROW_GAP) - ROW_GAP / 2
        left = 0.0
        for i in row:
            size = len(pairs[i].targets)
            places = [
                (left / widest, (top - STRIP) / height, size / widest, STRIP / height),
                (left / widest, (top - 2 * STRIP - GAP) / height, size / widest, STRIP / height),
            ]
            upper, lower = (ax.inset_axes(place) for place in places)
            _draw_pair(upper, lower, pairs[i], first=left == 0)
            drawn.append((upper, lower))
            left += size + SPACE
    about = "a red frame marks a wrong bit"
    ax.text(1, 0, about, transform=ax.transAxes, ha="right", va="bottom", fontsize=7)
    if notes:
        ax.text(0, 0, "\n".join(notes), transform=ax.transAxes, va="top", fontsize=7, gid="notes")
    return drawn


def _draw_pair(upper: Axes, lower: Axes, pair: Pair, *, first: bool) -> None:
    for ax, values, name in ((upper, pair.targets, "targets"), (lower, pair.outputs, "outputs")):
        shown = ax.imshow(
            np.asarray(values).T, cmap=INK, vmin=0, vmax=1, aspect="auto", interpolation="none"
        )
        draw_key(ax, shown, (0, 1))
        ax.spines[:].set(visible=True, color=FRAME_GREY, linewidth=0.5)
        ax.set_yticks([])
        ax.tick_params(length=2, labelsize=7)
        ax.set_label(f"{name}: {pair.title}")
        if first:
            ax.set_ylabel(name, fontsize=8)
    upper.tick_params(axis="x", length=0, labelbottom=False)
    marks = wrong(pair)
    for step, channel in marks:
        box = Rectangle((step - 0.5, channel - 0.5), 1, 1, gid="wrong")
        box.set(facecolor="none", edgecolor=ARROW_RED, linewidth=0.9)
        lower.add_patch(box)
    bits = "no wrong bit" if not len(marks) else f"{len(marks)} wrong of {pair.targets.size} bits"
    upper.set_title(f"{pair.title}: {bits}", loc="left", fontsize=8, pad=5)  # clear of the key
    lower.set_xlabel("answer step", fontsize=7, labelpad=1)

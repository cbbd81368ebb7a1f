"""Figures 4, 5 and 8 of *Neural Turing Machines* (2014): targets above outputs, at several sizes.

Legend: T answer steps, O output channels. Coordinates: x is the step of the answer, y the channel.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.figures.captions import wrapped
from ntmlab.figures.key import INK, draw_key
from ntmlab.figures.style import (
    ARROW_RED,
    CHARACTER_WIDTH,
    FRAME_GREY,
    POINTS_PER_INCH,
    characters_within,
    new_figure,
    number_steps,
    points,
    style,
)
from ntmlab.figures.width import in_column, printed_width
from ntmlab.studies.generalise.measure import Pair

FIGURE_WIDTH: Final = 12.0  # inches
STRIP, COLUMN_STRIP = 0.62, 0.38  # inches, height of a strip on a page and in a column
GAP: Final = 0.12  # inches between a target and its output
ROW_GAP: Final = 0.62  # inches between rows of pairs, with title and ticks
TITLE, TITLE_CHARACTERS = 8.0, 30  # points and characters of a pair's title
NOTE: Final = 0.14  # inches, a line of notes
INNER: Final = 0.8  # of a column's width: what labels and keys leave of it
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
    with style():
        return _draw(pairs, packed(_places(pairs)), notes, ax)


def _places(pairs: Sequence[Pair]) -> list[int]:
    """Steps that each pair takes of a row; in a column as many as its title does, or more."""
    steps = [len(pair.targets) for pair in pairs]
    if not in_column():
        return steps
    title = points(TITLE) * CHARACTER_WIDTH * TITLE_CHARACTERS / POINTS_PER_INCH
    part = min(1.0, title / (printed_width() or FIGURE_WIDTH))
    return [max(size, round(part * max(steps))) for size in steps]


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
    strip, places = (COLUMN_STRIP if in_column() else STRIP), _places(pairs)
    height = len(rows) * (2 * strip + GAP + ROW_GAP)
    if ax is None:
        lines = len(_lines(notes)) + in_column()
        ax = new_figure(FIGURE_WIDTH, height + 0.3 + NOTE * lines).add_subplot()
    ax.set_axis_off()
    widest = max(sum(places[i] + SPACE for i in row) - SPACE for row in rows)
    drawn = []
    for number, row in enumerate(rows):
        top = height - number * (2 * strip + GAP + ROW_GAP) - ROW_GAP / 2
        left = 0.0
        for i in row:
            size = len(pairs[i].targets)
            upper, lower = (
                ax.inset_axes((left / widest, bottom / height, size / widest, strip / height))
                for bottom in (top - strip, top - 2 * strip - GAP)
            )
            _draw_pair(upper, lower, pairs[i], first=left == 0)
            drawn.append((upper, lower))
            left += places[i] + SPACE
    _explain(ax, notes)
    return drawn


def _explain(ax: Axes, notes: Sequence[str]) -> None:
    """What a frame means, and the notes beneath all."""
    about = "a red frame marks a wrong bit"
    look: dict[str, Any] = {"transform": ax.transAxes, "fontsize": points(7)}
    if in_column():  # where it would meet the name of the axis
        notes, about = [f"{about[0].upper()}{about[1:]}.", *notes], ""
    ax.text(1, 0, about, ha="right", va="bottom", **look)
    if notes:
        ax.text(0, 0, "\n".join(_lines(notes)), va="top", **look, gid="notes")


def _lines(notes: Sequence[str]) -> list[str]:
    """Notes as they are on a page, and broken into lines of a column."""
    if not in_column():
        return list(notes)
    return [line for note in notes for line in wrapped(note, _characters())]


def _characters() -> int:
    """Characters that fit in a line between the labels and keys of a column."""
    return characters_within((printed_width() or FIGURE_WIDTH) * POINTS_PER_INCH * INNER)


def _title(pair: Pair, wrong: int) -> str:
    """A pair's name and how many bits are wrong; in a column in two lines where one is too long."""
    bits = f"{wrong} wrong of {pair.targets.size} bits" if wrong else "no wrong bit"
    apart = "\n" if in_column() and len(pair.title + bits) + 2 > _characters() else " "
    return f"{pair.title}:{apart}{bits}"


def _draw_pair(upper: Axes, lower: Axes, pair: Pair, *, first: bool) -> None:
    for ax, values, name in ((upper, pair.targets, "targets"), (lower, pair.outputs, "outputs")):
        shown = ax.imshow(
            np.asarray(values).T, cmap=INK, vmin=0, vmax=1, aspect="auto", interpolation="none"
        )
        draw_key(ax, shown, (0, 1))
        ax.spines[:].set(visible=True, color=FRAME_GREY, linewidth=0.5)
        ax.set_yticks([])
        ax.tick_params(length=2, labelsize=points(7))
        ax.set_label(f"{name}: {pair.title}")
        if first:
            ax.set_ylabel(name, fontsize=points(8))
    upper.tick_params(axis="x", length=0, labelbottom=False)
    marks = wrong(pair)
    for step, channel in marks:
        box = Rectangle((step - 0.5, channel - 0.5), 1, 1, gid="wrong")
        box.set(facecolor="none", edgecolor=ARROW_RED, linewidth=0.4 if in_column() else 0.9)
        lower.add_patch(box)
    title = _title(pair, len(marks))
    upper.set_title(title, loc="left", fontsize=points(TITLE), pad=5)  # clear of the key
    lower.set_xlabel("answer step", fontsize=points(7), labelpad=1)
    if in_column():
        number_steps(lower, 8)

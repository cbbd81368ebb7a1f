"""Figures 4, 5 and 8 of *Neural Turing Machines* (2014): targets above outputs, at several sizes.

Legend: T answer steps, O output channels. Coordinates: x is the step of the answer, y the channel.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.figures.captions import wrapped
from ntmlab.figures.key import INK, draw_key
from ntmlab.figures.style import (
    CHARACTER_WIDTH,
    FRAME_GREY,
    POINTS_PER_INCH,
    characters_within,
    new_figure,
    number_steps,
    points,
    style,
)
from ntmlab.figures.width import in_print, printed_width
from ntmlab.studies.generalise.measure import Pair

FIGURE_WIDTH: Final = 12.0  # inches
STRIP, COLUMN_STRIP = 0.62, 0.38  # inches, height of a strip on a page and in a column
LYING: Final = 18.0  # points; the names of lower strips would meet if they were turned
LEAST_STRIP: Final = 0.2  # inches, in a column with many of them
COLUMN_HEIGHT: Final = 7.8  # inches, less notes: a page of print
GAP: Final = 0.12  # inches between a target, its output and what is wrong in it
ROW_GAP: Final = 0.62  # inches between rows of pairs, with title and ticks
TITLE: Final = 8.0  # points, of a pair's title
NOTE: Final = 0.14  # inches, a line of notes
KEY: Final = 0.36  # inches, in a column, of the key beside a strip and its numbers
INNER: Final = 0.8  # of a column's width: what labels and keys leave of it
SPACE: Final = 6.0  # steps between pairs in a row; of short ones half of the longest
NUMBERS: Final = 8  # of steps, below a pair
THRESHOLD: Final = 0.5
WRONG: Final = "black in the lowest strip: a wrong bit"


class Shape(NamedTuple):
    """Where strips stand, in inches and steps."""

    strip: float  # height
    kinds: tuple[str, ...]  # what each strip of a pair shows, from top to bottom
    places: list[int]  # steps that each pair takes of its row

    @property
    def row(self) -> float:
        """Height of a row of pairs."""
        return len(self.kinds) * (self.strip + GAP) - GAP + ROW_GAP


def generalise(
    pairs: Sequence[Pair], *, notes: Sequence[str] = (), ax: Axes | None = None
) -> list[tuple[Axes, Axes]]:
    """Draws each pair as two grey strips, targets above outputs, black 1 and white 0.

    A third, where any bit is wrong, is black where the output is on the other side of one half from
    its target. Steps are as wide in every pair; short pairs share a row. ``notes`` are lines
    beneath all. Returns the axes of the first two of each.

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
        kinds = ("targets", "outputs", *(["wrong"] if any(len(wrong(p)) for p in pairs) else []))
        places = _places(pairs)
        return _draw(
            pairs, Shape(_strip(len(kinds), len(packed(places))), kinds, places), notes, ax
        )


def _strip(kinds: int, rows: int) -> float:
    """The height of a strip: in a column all of them stand on one page."""
    if not in_print():
        return STRIP
    room = (COLUMN_HEIGHT / rows - ROW_GAP + GAP) / kinds - GAP
    return max(LEAST_STRIP, min(COLUMN_STRIP, room))


def _places(pairs: Sequence[Pair]) -> list[int]:
    """Steps that each pair takes of a row; in a column room for its title and the key beside it."""
    steps = [len(pair.targets) for pair in pairs]
    if not in_print():
        return steps
    inches = points(TITLE) * CHARACTER_WIDTH / POINTS_PER_INCH  # a character
    wide = (printed_width() or FIGURE_WIDTH) * INNER
    titles = [max(map(len, _title(pair, len(wrong(pair))).split("\n"))) for pair in pairs]
    parts = [min(1.0, title * inches / wide) for title in titles]
    key = round(KEY / wide * max(steps)) - round(_space(steps))
    return [
        max(size, round(part * max(steps)), min(size + key, max(steps)))
        for size, part in zip(steps, parts, strict=True)
    ]


def packed(steps: Sequence[int]) -> list[list[int]]:
    """Pairs by row, in order, no row longer than the longest pair and spaces allow.

    >>> packed([10, 20, 30, 50, 120])
    [[0, 1, 2, 3], [4]]
    """
    space = _space(steps)
    most = max(steps) + space * 3
    rows: list[list[int]] = []
    filled = most
    for number, size in enumerate(steps):
        if filled + space + size > most:
            rows.append([])
            filled = -space
        rows[-1].append(number)
        filled += space + size
    return rows


def _space(steps: Sequence[int]) -> float:
    """Steps between pairs that take so many."""
    return min(SPACE, max(steps) / 2)


def wrong(pair: Pair) -> Array:
    """Steps and channels of the wrong bits, (wrong, 2)."""
    differ = (np.asarray(pair.outputs) > THRESHOLD) != (np.asarray(pair.targets) > THRESHOLD)
    return np.argwhere(differ).astype(np.float64)


def _draw(
    pairs: Sequence[Pair], shape: Shape, notes: Sequence[str], ax: Axes | None
) -> list[tuple[Axes, Axes]]:
    rows, places = packed(shape.places), shape.places
    height = len(rows) * shape.row
    if ax is None:
        lines = len(_lines(notes)) + in_print()
        ax = new_figure(FIGURE_WIDTH, height + 0.3 + NOTE * lines).add_subplot()
    ax.set_axis_off()
    space = _space(places)
    widest = max(sum(places[i] + space for i in row) - space for row in rows)
    drawn = []
    for number, row in enumerate(rows):
        top = height - number * shape.row - ROW_GAP / 2
        left = 0.0
        for i in row:
            size = len(pairs[i].targets)
            part = (size / widest, shape.strip / height)
            steps = [top - shape.strip - k * (shape.strip + GAP) for k in range(len(shape.kinds))]
            strips = [ax.inset_axes((left / widest, low / height, *part)) for low in steps]
            _draw_pair(dict(zip(shape.kinds, strips, strict=True)), pairs[i], first=left == 0)
            drawn.append((strips[0], strips[1]))
            left += places[i] + space
    _explain(ax, notes, WRONG if "wrong" in shape.kinds else "")
    return drawn


def _explain(ax: Axes, notes: Sequence[str], about: str) -> None:
    """What the lowest strip shows, and the notes beneath all."""
    look: dict[str, Any] = {"transform": ax.transAxes, "fontsize": points(7)}
    if in_print() and about:  # where it would meet the name of the axis
        notes, about = [f"{about[0].upper()}{about[1:]}.", *notes], ""
    ax.text(1, 0, about, ha="right", va="bottom", **look)
    if notes:
        ax.text(0, 0, "\n".join(_lines(notes)), va="top", **look, gid="notes")


def _lines(notes: Sequence[str]) -> list[str]:
    """Notes as they are on a page, and broken into lines of a column."""
    if not in_print():
        return list(notes)
    return [line for note in notes for line in wrapped(note, _characters())]


def _characters() -> int:
    """Characters that fit in a line between the labels and keys of a column."""
    return characters_within((printed_width() or FIGURE_WIDTH) * POINTS_PER_INCH * INNER)


def _title(pair: Pair, wrong: int) -> str:
    """A pair's name and how many bits are wrong, in a column in two lines."""
    bits = f"{wrong} wrong of {pair.targets.size} bits" if wrong else "no wrong bit"
    apart = "\n" if in_print() else " "
    return f"{pair.title}:{apart}{bits}"


def _draw_pair(strips: Mapping[str, Axes], pair: Pair, *, first: bool) -> None:
    """The strips of a pair, by what each shows."""
    marks = wrong(pair)
    differ = np.zeros(np.shape(pair.targets))
    differ[tuple(marks.astype(int).T)] = 1
    values = {"targets": pair.targets, "outputs": pair.outputs, "wrong": differ}
    for name, ax in strips.items():
        shown = ax.imshow(
            np.asarray(values[name]).T,
            cmap=INK,
            vmin=0,
            vmax=1,
            aspect="auto",
            interpolation="none",
        )
        if name != "wrong":
            draw_key(ax, shown, (0, 1))
        ax.spines[:].set(visible=True, color=FRAME_GREY, linewidth=0.5)
        ax.set_yticks([])
        ax.tick_params(axis="x", length=0, labelbottom=False)
        ax.set_label(f"{name}: {pair.title}")
        if first:
            low = ax.get_window_extent().height / ax.figure.dpi * POINTS_PER_INCH < LYING
            lying: dict[str, Any] = {"rotation": 0, "ha": "right", "va": "center"} if low else {}
            ax.set_ylabel(name, fontsize=points(8), **lying)
    title = _title(pair, len(marks))
    clear_of_the_key = 5
    strips["targets"].set_title(title, loc="left", fontsize=points(TITLE), pad=clear_of_the_key)
    lowest = list(strips.values())[-1]
    lowest.tick_params(axis="x", length=2, labelbottom=True, labelsize=points(7))
    lowest.set_xlabel("answer step", fontsize=points(7), labelpad=1)
    if in_print() or len(pair.targets) <= NUMBERS:  # which would have numbers between steps
        number_steps(lowest, NUMBERS)

"""Strips for print: a sequence broken into lines, at the width of a column or a page."""

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes

from ntmlab.errors import InputError
from ntmlab.figures.captions import wrapped
from ntmlab.figures.rows import Strips, broken
from ntmlab.figures.strip_panel import Look, draw_panel, places
from ntmlab.figures.style import (
    POINTS_PER_INCH,
    TEXT_GREY,
    Type,
    characters_within,
    new_figure,
    style,
    type_for,
)
from ntmlab.figures.width import WIDE, check_width

# In inches.
STRIP_HEIGHT: Final = 0.36
WIDEST, NARROWEST = 12.0, 6.0  # of figures that choose their width
SIDES, STEP_WIDTH = 2.0, 0.25
COLUMN_STRIP, COLUMN_SIDES = 0.21, 0.95  # in a column
BETWEEN: Final = 0.25  # lines, for the numbers of the steps
LAST: Final = 0.2  # for the name of the axis
LEFT, RIGHT = 0.06, 0.2  # of the caption; the latter for lines of many wide letters

LEAST_STEP: Final = 3.0  # points; narrower steps cannot be told in print
LEAST_COLUMNS: Final = 10
BREAKS: Final = 10  # lines that nobody asked for break at multiples of this many steps


def printed(
    shown: Strips, sentences: Sequence[str], look: Look, columns: int | None, width: float | None
) -> Axes:
    """Draws strips in lines on a figure of their own; returns the first line's axes.

    Raises InputError for too few columns, or a width that is none of a page.
    """
    if columns is not None and columns < LEAST_COLUMNS:
        raise InputError(f"columns must be {LEAST_COLUMNS} steps or more, not {columns}")
    if width is not None:
        check_width(width)
    inches = _usual_width(columns or len(shown.steps)) if width is None else width
    size = min(len(shown.steps), columns or fitting_columns(inches))
    lines = broken(shown, size)
    look = look._replace(type=type_for(inches), columns=size)
    with style():
        axes = _axes(lines, inches, sentences, look.type)
        for number, (ax, line) in enumerate(zip(axes, lines, strict=True)):
            draw_panel(ax, line, look._replace(keyed=number == 0))
            if number < len(lines) - 1:
                ax.set_xlabel("")
    return axes[0]


def fitting_columns(width: float) -> int:
    """Steps of a line that can be told in a figure so many inches wide.

    >>> fitting_columns(3.3), fitting_columns(7)
    (50, 120)
    """
    points = (width - _sides(width)) * POINTS_PER_INCH
    return max(LEAST_COLUMNS, math.floor(points / LEAST_STEP / BREAKS) * BREAKS)


def _usual_width(columns: int) -> float:
    return min(WIDEST, max(NARROWEST, SIDES + STEP_WIDTH * columns))


def _sides(width: float) -> float:
    """Inches that labels and keys take."""
    return SIDES if width >= WIDE else COLUMN_SIDES


def _axes(
    lines: Sequence[Strips], width: float, sentences: Sequence[str], type: Type
) -> list[Axes]:
    """An axes for each line, as high as its strips are, above the caption."""
    characters = characters_within((width - LEFT - RIGHT) * POINTS_PER_INCH, type.caption)
    text = "\n".join("\n".join(wrapped(sentence, characters)) for sentence in sentences)
    below = LEFT + (text.count("\n") + 1) * type.caption * 1.4 / POINTS_PER_INCH
    strip = STRIP_HEIGHT if width >= WIDE else COLUMN_STRIP
    heights = [strip * places(line.rows)[1] + BETWEEN for line in lines]
    height = sum(heights) + LAST + below
    figure = new_figure(width, height, below / height)
    where = (LEFT / width, below / height)
    figure.text(*where, text, va="top", fontsize=type.caption, color=TEXT_GREY,
                linespacing=1.35, gid="caption")  # fmt: skip
    return list(figure.subplots(len(lines), height_ratios=heights, squeeze=False)[:, 0])

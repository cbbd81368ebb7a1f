"""How one label's lines and bars are told from another's, in print and by colour-blind eyes."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final, NamedTuple


class LineStyle(NamedTuple):
    """How a label is told from others: lines by colour, dashes and marker, bars by hatch."""

    colour: str
    dashes: Any
    marker: str
    hatch: str = ""


# Okabe and Ito's colours, less the vermilion that could be taken for the red of the arrows.
LINES: Final = (
    LineStyle("#0072b2", "-", "o", ""),
    LineStyle("#e69f00", (0, (5, 1.5)), "s", "////"),
    LineStyle("#009e73", (0, (6, 1.5, 1, 1.5)), "^", "...."),
    LineStyle("#cc79a7", (0, (1.2, 1.2)), "D", "xxxx"),
    LineStyle("#56b4e9", (0, (3, 1, 1, 1, 1, 1)), "v", "----"),
    LineStyle("#404040", (0, (8, 3)), "P", "\\\\\\\\"),
)


def line_style(number: int) -> LineStyle:
    """The style of the label so many places on, from 0; no two of the first 36 are alike.

    >>> line_style(0).colour == line_style(6).colour, line_style(0).dashes == line_style(6).dashes
    (True, False)
    """
    turn, place = divmod(number, len(LINES))
    other = LINES[(place + turn) % len(LINES)]
    return other._replace(colour=LINES[place].colour)


def line_styles() -> Iterator[LineStyle]:
    """`line_style` of 0, 1, 2 and so on, without an end."""
    return map(line_style, count())

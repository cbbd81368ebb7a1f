"""How wide pictures are: as each chooses, or as a page or a column wants them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from ntmlab.errors import InputError

WIDE: Final = 5.0  # inches; narrower pictures stand in a column
SCREEN_WIDE: Final = 10.0  # inches from which three panels and more stand side by side
WIDTHS: Final = (2.0, 40.0)  # inches that a picture may be wide

_printed: ContextVar[float | None] = ContextVar("inches that a picture is to be wide", default=None)


def check_width(width: float) -> None:
    """Raises InputError for a width that is none of a page."""
    if not WIDTHS[0] <= width <= WIDTHS[1]:
        raise InputError(f"width must be from {WIDTHS[0]:g} to {WIDTHS[1]:g} inches, not {width:g}")


@contextmanager
def printed_at(width: float | None) -> Iterator[None]:
    """New figures are so many inches wide while the context lasts, and laid out for it.

    Under 5 inches they are for a column: type is smaller, and what stands side by side on a page
    stands one below the other. None leaves each its own width. Raises InputError for a width under
    2 or above 40 inches.
    """
    if width is not None:
        check_width(width)
    before = _printed.set(width)
    try:
        yield
    finally:
        _printed.reset(before)


def printed_width() -> float | None:
    """The width of `printed_at`; None where figures choose their own."""
    return _printed.get()


def in_column() -> bool:
    """Whether new figures are for a column."""
    return (_printed.get() or WIDE) < WIDE


def on_page() -> bool:
    """Whether new figures are for a page of print: wider than a column, and two panels wide."""
    return WIDE <= (_printed.get() or SCREEN_WIDE) < SCREEN_WIDE


def in_print() -> bool:
    """Whether new figures are for a column or a page, and not as wide as they choose."""
    return in_column() or on_page()

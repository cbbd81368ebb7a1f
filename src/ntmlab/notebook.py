"""What a notebook shows: tables as HTML without script or colours of their own, and frames.

Imports nothing heavy: pandas only where a frame is asked for.
"""

import html
from collections.abc import Sequence
from typing import Any, NamedTuple

from ntmlab.errors import InputError
from ntmlab.records import Record

# Colours are the page's own, so that a table is read in light and in dark.
CELL = "padding:0.15em 0.8em;text-align:{};white-space:{}"
RULE = "border-bottom:1px solid currentColor"


class Table(NamedTuple):
    """A table of texts; the first column names what a row is about."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    notes: Sequence[str] = ()  # lines below
    words: bool = False  # whether its cells are words, not numbers


class Shown:
    """What shows itself in a notebook and goes to pandas, by its ``records`` and ``shown``."""

    def records(self) -> list[Record]:
        """A dictionary a row, with Python's own values."""
        raise NotImplementedError

    def shown(self) -> Table:
        """What a notebook shows."""
        raise NotImplementedError

    def to_frame(self) -> Any:
        """The records as a pandas.DataFrame; raises InputError where pandas is not installed."""
        return to_frame(self.records())

    def _repr_html_(self) -> str:
        return to_html(self.shown())


def to_html(table: Table) -> str:
    """The table as HTML, every text escaped.

    >>> "&lt;b&gt;" in to_html(Table(["name"], [["<b>"]]))
    True
    """
    head = "".join(_cell("th", text, table.words or i == 0) for i, text in enumerate(table.head))
    rows = [
        "".join(_cell("td", text, table.words or i == 0) for i, text in enumerate(row))
        for row in table.rows
    ]
    caption = f"<caption>{html.escape(table.caption)}</caption>" if table.caption else ""
    notes = "".join(f"<div>{html.escape(note)}</div>" for note in table.notes)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<table style="border-collapse:collapse">{caption}<thead style="{RULE}"><tr>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table>{notes}"
    )


def _cell(tag: str, text: str, words: bool) -> str:
    style = CELL.format("left", "normal") if words else CELL.format("right", "nowrap")
    return f'<{tag} style="{style}">{html.escape(text)}</{tag}>'


def to_frame(records: Sequence[Record]) -> Any:
    """Records as a pandas.DataFrame; raises InputError where pandas is not installed."""
    try:
        import pandas  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        raise InputError(
            "a frame needs pandas, which is not installed: pip install pandas; "
            "records() has the same without it"
        ) from None
    return pandas.DataFrame(records)

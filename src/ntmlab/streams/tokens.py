"""Text in blocks: characters or numbers, the ends of lines, and where something stands.

Lines end as where a text is read as a whole: by a line feed, a carriage return, or both. A byte
order mark is passed over.
"""

import codecs
import io
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.streams.opening import Opened

LINE: Final = ord("\n")
BLANK: Final = np.array([ord(sign) for sign in " \t\r"], dtype=np.uint32)
LONGEST: Final = 20  # characters of a number
NO_FIELD: Final = "a comma has a whole number on either side, in its line"

# The line of a complaint: number of the token, what it is, what counts.
Where = Callable[[int, str, str], str]


def characters(stream: Opened) -> Iterator[tuple[NDArray[np.uint32], bool, Where]]:
    """Code points in order without white space, line by line or in parts of lines.

    With each whether its line ends. Raises InputError for what is no text.
    """
    place = _Place(stream.name, "character")
    for text, ends in _lines(_text(stream)):
        codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
        kept = np.flatnonzero(~np.isin(codes, BLANK))
        yield codes[kept], ends, place.of(kept)
        place.go_on(len(codes), ends=ends)


def numbers(stream: Opened) -> Iterator[tuple[NDArray[np.int64], bool, Where]]:
    """Whole numbers between commas or white space, line by line or in parts of lines.

    With each whether its line ends. Raises InputError for what is no number, and where none stands
    before, between or after commas.
    """
    place, rest, fields = _Place(stream.name, "place"), "", _Fields()
    for text, ends in _lines(_text(stream)):
        whole = rest + text
        cut = len(whole) if ends else 1 + max(whole.rfind(sign) for sign in ", \t\r")
        rest = whole[cut:]
        found = fields.numbers(whole[:cut], place, ends=ends)
        yield found, ends, place.of(np.arange(len(found)))
        place.go_on(len(found), ends=ends)
    found = fields.numbers(rest, place, ends=True)
    yield found, False, place.of(np.arange(len(found)))


class _Fields:
    """The numbers of lines that come in parts, none of which has an empty field."""

    def __init__(self) -> None:
        self.commas = self.filled = False  # of the line so far: any; a number since the last

    def numbers(self, text: str, place: "_Place", *, ends: bool) -> NDArray[np.int64]:
        """Those of a part of a line, in which no word is cut."""
        found: list[str] = []

        def check(fits: bool, word: str, known: str) -> None:
            if not fits:
                where = place.of(np.arange(len(found) + 1))
                raise InputError(where(len(found), word[:LONGEST], known))

        for word in text.replace(",", " , ").split():
            if word == ",":
                check(self.filled, "", NO_FIELD)
                self.commas, self.filled = True, False
                continue
            whole = word.isascii() and word.isdecimal() and len(word) < LONGEST - 2
            check(whole, word, "no whole number")
            found.append(word)
            self.filled = True
        if ends:
            check(self.filled or not self.commas, "", NO_FIELD)
            self.commas = self.filled = False
        return np.array(found, dtype=np.int64)


class _Place:
    """Where in a text one is."""

    def __init__(self, name: str, unit: str) -> None:
        self.name, self.unit, self.line, self.before = name, unit, 1, 0

    def of(self, kept: NDArray[np.intp]) -> Where:
        """What tells where a token of this part stands; ``kept`` has their places in it."""
        line, before = self.line, self.before
        return lambda token, what, known: (
            f"{self.name}, line {line}, has {what!r} at {self.unit} {before + kept[token] + 1}; "
            f"{known}"
        )

    def go_on(self, count: int, *, ends: bool) -> None:
        self.before = 0 if ends else self.before + count
        self.line += ends


def _text(stream: Opened) -> Iterator[str]:
    plain = codecs.getincrementaldecoder("utf-8-sig")()
    decoder = io.IncrementalNewlineDecoder(plain, translate=True)
    try:
        for block in stream.blocks():
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise InputError(f"{stream.name} is no text; --format bytes takes any file") from None


def _lines(blocks: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Lines, or parts of them at the borders of blocks, and whether each ends."""
    for block in blocks:
        *whole, part = block.split("\n")
        yield from ((line, True) for line in whole)
        if part:
            yield part, False

"""Text in blocks: characters or numbers, the ends of lines, and where something stands."""

import codecs
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.streams.opening import Opened

LINE: Final = ord("\n")
BLANK: Final = np.array([ord(sign) for sign in " \t\r"], dtype=np.uint32)
LONGEST: Final = 20  # characters of a number

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

    With each whether its line ends. Raises InputError for what is no number.
    """
    place, rest = _Place(stream.name, "place"), ""
    for text, ends in _lines(_text(stream)):
        whole = rest + text
        cut = len(whole) if ends else 1 + max(whole.rfind(sign) for sign in ", \t\r")
        rest = whole[cut:]
        found = _numbers(whole[:cut], place)
        yield found, ends, place.of(np.arange(len(found)))
        place.go_on(len(found), ends=ends)
    found = _numbers(rest, place)
    yield found, False, place.of(np.arange(len(found)))


def _numbers(text: str, place: "_Place") -> NDArray[np.int64]:
    words = text.replace(",", " ").split()
    for at, word in enumerate(words):
        if not (word.isascii() and word.isdecimal() and len(word) < LONGEST - 2):
            raise InputError(place.of(np.arange(at + 1))(at, word[:LONGEST], "no whole number"))
    return np.array(words, dtype=np.int64)


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
    decoder = codecs.getincrementaldecoder("utf-8")()
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

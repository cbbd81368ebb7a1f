"""What the symbols of a file are: bits, letters, bytes or integers; a sequence a line or in all."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.names import FORMATS
from ntmlab.outputs import MOST_LETTERS
from ntmlab.streams.opening import STANDARD_INPUT, Opened, opened
from ntmlab.streams.tokens import characters, numbers

MOST_SYMBOLS: Final = 2**32 - 1  # of a sequence: what a count of 4 bytes holds

Symbols = NDArray[np.uint8]


@dataclass(frozen=True)
class Layout:
    """How a file is read: ``alphabet`` are the characters of letters and bits, in order."""

    format: str
    letters: int
    alphabet: str = ""
    joined: bool = False  # whether lines follow on from each other, as one sequence

    @property
    def known(self) -> str:
        """What counts, in words."""
        if self.format == "integers":
            return f"numbers from 0 to {self.letters - 1}"
        return "0 and 1" if self.alphabet == "01" else f"the {self.letters} of {self.alphabet!r}"


class Piece(NamedTuple):
    """Some symbols of a sequence, and whether it ends with them."""

    symbols: Symbols
    ends: bool


def pieces(stream: Opened, layout: Layout) -> Iterator[Piece]:
    """The symbols of a file, in pieces of bounded size.

    Raises InputError for what is no letter of the alphabet, saying which and where, for an empty
    line, and for a sequence of more than 4,294,967,295 symbols.
    """
    length = 0
    for piece in _pieces(stream, layout):
        length += len(piece.symbols)
        if length > MOST_SYMBOLS:
            raise InputError(f"{stream.name} has a sequence of more than {MOST_SYMBOLS:,} symbols")
        length = 0 if piece.ends else length
        yield piece


def _pieces(stream: Opened, layout: Layout) -> Iterator[Piece]:
    if layout.format == "bytes":
        for block in stream.blocks():
            yield Piece(np.frombuffer(block, dtype=np.uint8), not stream.peek())
        return
    number, length, kept = 1, 0, np.empty(0, dtype=np.uint8)
    for found in _tokens(stream, layout):  # one line, or a part of one
        if len(found.symbols):
            if len(kept):
                yield Piece(kept, False)
            kept, length = found.symbols, length + len(found.symbols)
        if not found.ends or layout.joined:
            continue
        if not length:
            raise InputError(f"{stream.name}, line {number}, is empty; give one sequence a line")
        yield Piece(kept, True)
        number, length, kept = number + 1, 0, kept[:0]
    if length:
        yield Piece(kept, True)
    elif number == 1:
        raise InputError(f"{stream.name} has no symbols")


def _tokens(stream: Opened, layout: Layout) -> Iterator[Piece]:
    """Symbols with the ends of lines."""
    if layout.format == "integers":
        for values, ends, where in numbers(stream):
            wrong = (values < 0) | (values >= layout.letters)
            if wrong.any():
                place = int(wrong.argmax())
                raise InputError(where(place, str(values[place]), f"only {layout.known} count"))
            yield Piece(values.astype(np.uint8), ends)
        return
    signs = np.array([ord(sign) for sign in layout.alphabet], dtype=np.uint32)
    order = np.argsort(signs)
    for codes, ends, where in characters(stream):
        at = np.minimum(np.searchsorted(signs[order], codes), len(signs) - 1)
        wrong = signs[order][at] != codes
        if wrong.any():
            first = int(wrong.argmax())
            raise InputError(where(first, chr(codes[first]), f"only {layout.known} count"))
        yield Piece(order[at].astype(np.uint8), ends)


def find_layout(
    path: str, format: str | None, alphabet: str | None, *, joined: bool = False
) -> Layout:
    """How to read a file; what is not said is seen from it, the alphabet by reading all of it.

    Raises InputError for an alphabet that none has, or that cannot be found out.
    """
    kind = format or ("letters" if alphabet else _guessed(path))
    if alphabet is not None and kind in ("bits", "bytes"):
        raise InputError(f"--format {kind} has an alphabet of its own; leave out --alphabet")
    if kind == "bits":
        return Layout(kind, 2, "01", joined)
    if kind == "bytes":
        if joined:
            raise InputError(
                "a file of bytes has no lines, and is one sequence: leave out --joined"
            )
        return Layout(kind, MOST_LETTERS)
    if alphabet is None and path == "-":
        raise InputError(f"{STANDARD_INPUT} is read once only: give the --alphabet")
    if kind == "letters":
        signs = _signs(path) if alphabet is None else alphabet
        return Layout(kind, _width(len(signs), signs, path), _checked(signs), joined)
    return Layout(kind, _width(_highest(path, alphabet), "", path), "", joined)


def _guessed(path: str) -> str:
    """Bits where a file begins with nothing else, or bytes."""
    if path == "-":
        raise InputError(f"what {STANDARD_INPUT} has must be said: --format {' or '.join(FORMATS)}")
    with opened(path) as stream:
        begun = stream.peek().removeprefix(codecs.BOM_UTF8)
        return "bits" if not begun.strip(b"01 \t\r\n") else "bytes"


def _signs(path: str) -> str:
    """All characters of a file but white space, in order; one too many at most."""
    found: set[int] = set()
    with opened(path) as stream:
        for codes, _, _ in characters(stream):
            found |= set(np.unique(codes).tolist())
            if len(found) > MOST_LETTERS:
                break
    return "".join(map(chr, sorted(found)))


def _highest(path: str, alphabet: str | None) -> int:
    """How many integers there are."""
    if alphabet is not None:
        if not (alphabet.isascii() and alphabet.isdecimal() and len(alphabet) < 10):
            raise InputError(f"--alphabet of integers is how many there are, not {alphabet!r}")
        return int(alphabet)
    with opened(path) as stream:
        return 1 + max(int(v.max(initial=0)) for v, _, _ in numbers(stream))


def _checked(signs: str) -> str:
    if len(set(signs)) < len(signs):
        raise InputError(f"--alphabet {signs!r} has a letter twice")
    if any(sign.isspace() for sign in signs):
        raise InputError(
            "--alphabet has white space, which is passed over; --format bytes keeps it"
        )
    return signs


def _width(letters: int, signs: str, path: str) -> int:
    if letters < 2:
        raise InputError(
            f"{path} has {letters} letter{'' if letters == 1 else 's'}: nothing to tell"
        )
    if letters > MOST_LETTERS:
        more = f"{letters} numbers" if not signs else f"more than {MOST_LETTERS} letters"
        raise InputError(f"{path} has {more}; at most {MOST_LETTERS} can be told apart")
    return letters

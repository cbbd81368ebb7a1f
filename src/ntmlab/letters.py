"""Letters of an alphabet as text: 0 to 9, then a to z; beyond 36, numbers between commas.

Numbers between commas are read for any alphabet.
"""

from collections.abc import Iterable
from string import ascii_lowercase, digits
from typing import Final

from ntmlab.errors import InputError

SIGNS: Final = digits + ascii_lowercase


def write_letters(symbols: Iterable[int], letters: int) -> str:
    """The text of some letters.

    >>> write_letters([0, 11, 3], 12), write_letters([0, 40], 64)
    ('0b3', '0,40')
    """
    if letters > len(SIGNS):
        return ",".join(str(int(symbol)) for symbol in symbols)
    return "".join(SIGNS[symbol] for symbol in symbols)


def read_letters(text: str, letters: int, where: str) -> list[int]:
    """The letters of a text; raises InputError saying which character is none, where.

    >>> read_letters("0b3", 12, "the sequence"), read_letters("0,40", 64, "the sequence")
    ([0, 11, 3], [0, 40])
    >>> read_letters("0,11,3", 12, "the sequence")
    [0, 11, 3]
    """
    if not text:
        raise InputError(f"{where} is empty; give at least one of {_known(letters)}")
    if letters > len(SIGNS) or "," in text:
        return [
            _number(part, place, letters, where) for place, part in enumerate(text.split(","), 1)
        ]
    known = SIGNS[:letters]
    for place, sign in enumerate(text, start=1):
        if sign not in known:
            raise InputError(
                f"{where} has {sign!r} at character {place}; only {_known(letters)} count"
            )
    return [known.index(sign) for sign in text]


def _number(text: str, place: int, letters: int, where: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and int(text) < letters):
        raise InputError(
            f"{where} has {text[:20]!r} at place {place}; only numbers from 0 to {letters - 1}, "
            "between commas, count"
        )
    return int(text)


def _known(letters: int) -> str:
    """The letters there are, in words."""
    if letters == 2:
        return "0 and 1"
    if letters > len(SIGNS):
        return f"numbers from 0 to {letters - 1}"
    if letters <= 10:
        return f"0 to {letters - 1}"
    return f"0 to 9 and a to {SIGNS[letters - 1]}" if letters > 11 else "0 to 9 and a"

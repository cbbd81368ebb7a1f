"""Which probabilities a strip shows, in one line or in one a letter.

Legend: n shown steps, k letters.
"""

from typing import Final

import numpy as np

from ntmlab.errors import unknown_name
from ntmlab.letters import write_letters
from ntmlab.outputs import Array, Letters, of_symbol

# What a strip can show, and what its greys then mean.
MEANINGS: Final = {
    "one": "P(next bit = 1)",
    "symbol": "P(symbol that came)",
    "letters": "P(letter)",
}
SHORT: Final = {"one": "P(1)", "symbol": "P(came)", "letters": "P(letter)"}  # beside little room


def chosen_rows(rows: str | None, letters: int) -> str:
    """What strips show: P of a 1 where there are two letters, of the one that came where more are.

    Raises InputError for a name that is none of `MEANINGS`, or P of a 1 of many letters.
    """
    known = [name for name in MEANINGS if name != "one" or letters == 2]
    if rows is None:
        return known[0]
    if rows not in known:
        raise unknown_name("kind of rows", rows, known)
    return rows


def line_names(rows: str, letters: int) -> list[str]:
    """The letter of each line, from top to bottom; none where a strip is a single line."""
    return [sign(letter, letters) for letter in range(letters)] if rows == "letters" else []


def input_lines(rows: str, symbols: Letters, letters: int) -> Array:
    """The input's strip: a line each letter is black in, or one in which later letters are darker.

    ``symbols`` is (n,); (k, n) or (1, n).
    """
    if rows == "letters":
        return np.eye(letters)[:, symbols]
    shades: Array = symbols[None] / (letters - 1)
    return shades


def predicted_lines(rows: str, distribution: Array, symbols: Letters) -> Array:
    """A predictor's strip, (k, n) or (1, n), from P of every letter, (n, k)."""
    if rows == "letters":
        return np.ascontiguousarray(distribution.T)
    if rows == "symbol":
        return of_symbol(distribution, symbols)[None]
    return distribution[None, :, 1]


def input_key(rows: str, letters: int, dark_is_one: bool) -> list[str]:
    """A sentence on what the input's strip shows, where that is not plain."""
    if letters == 2 and rows == "one":
        return []
    first, last = sign(0, letters), sign(letters - 1, letters)
    if rows == "letters":
        return [f"A line a letter, {first} on top; of the input the one that came."]
    ends = ("white", "black") if dark_is_one else ("black", "white")
    return [f"Input: letters from {first} ({ends[0]}) to {last} ({ends[1]})."]


def sign(letter: int, letters: int) -> str:
    """A letter as it is written."""
    return write_letters([letter], letters)

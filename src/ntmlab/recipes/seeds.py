"""Several seeds in one argument."""

import re
from collections.abc import Iterable

from ntmlab.errors import InputError
from ntmlab.given import is_whole

LARGEST_SEED = 2**63 - 1
MOST_SEEDS = 100_000
_NUMBER = re.compile(r"\d{1,19}", re.ASCII)


def parse_seeds(text: str, where: str = "seeds") -> list[int]:
    """Seeds as A:B, from A to B - 1, or as numbers between commas; or both.

    >>> parse_seeds("0:3"), parse_seeds("7,1,3:5")
    ([0, 1, 2], [7, 1, 3, 4])

    Raises InputError, which begins with ``where``, for none, for a range that runs backwards, for
    a seed given twice and for anything else.
    """
    seeds: list[int] = []
    for part in text.split(","):
        first, colon, end = part.strip().partition(":")
        if not _NUMBER.fullmatch(first) or not _NUMBER.fullmatch(end if colon else first):
            raise InputError(f"{where} takes A:B or numbers between commas, not {text[:60]!r}")
        start, stop = int(first), int(end) if colon else int(first) + 1
        if stop <= start:
            raise InputError(f"{where} {part.strip()} is empty: A:B goes from A to B - 1")
        if stop - start > MOST_SEEDS:
            raise InputError(f"{where} takes at most {MOST_SEEDS:,} seeds")
        seeds += range(start, stop)
    return check_seeds(seeds, where)


def check_seeds(seeds: Iterable[int], where: str = "seeds") -> list[int]:
    """The seeds as a list; raises InputError for none, for doubles and for what is no seed."""
    checked = list(seeds)
    if not checked:
        raise InputError(f"{where}: give at least one")
    for seed in checked:
        if not is_whole(seed) or not 0 <= seed <= LARGEST_SEED:
            raise InputError(f"{where} must be whole and between 0 and 2^63 - 1, not {seed!r}")
    if len(set(checked)) < len(checked):
        raise InputError(f"{where}: one is given twice")
    return checked

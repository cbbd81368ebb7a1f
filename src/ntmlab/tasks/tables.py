"""What sources draw alike: distributions from a Dirichlet prior, letters from tables of them.

Legend: B batch, k letters, n letters of context.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.given import check_whole
from ntmlab.optimal.contexts import deepest
from ntmlab.optimal.filter import check_prior
from ntmlab.outputs import MOST_LETTERS
from ntmlab.tasks.source import Step, choose

Array = NDArray[np.float64]
Prior = float | tuple[float, ...]

MOST_NUMBERS = 2**17  # in the tables of a sequence, as a block of them is drawn at once


def check_source(letters: object, length: object, prior: object) -> Prior:
    """The prior, one number or one a letter; raises InputError for wrong sizes or a wrong prior."""
    check_whole("letters", letters, 2, MOST_LETTERS)
    check_whole("length", length, 1)
    every = check_prior(prior, letters)  # type: ignore[arg-type]
    return every if isinstance(prior, list | tuple | np.ndarray) else every[0]


def check_table(letters: int, context: int, name: str) -> None:
    """Raises InputError for a table of k^n distributions that is too large to draw."""
    most = deepest(letters, MOST_NUMBERS) - 1
    if context > most:
        raise InputError(f"{name} must be at most {most} for {letters} letters, not {context}")


def distributions(random: np.random.Generator, prior: Prior, letters: int, *shape: int) -> Array:
    """Distributions over letters from a Dirichlet prior, (*shape, k)."""
    return np.asarray(random.dirichlet(check_prior(prior, letters), size=shape))


def table_walk(table: Array, context: int, random: np.random.Generator) -> Iterator[Step]:
    """Letters from tables (B, k^n, k) of distributions by context; the first n are uniform."""
    rows, contexts, letters = len(table), int(table.shape[1]), int(table.shape[2])
    place, every = np.zeros(rows, dtype=np.int64), np.arange(rows)
    seen = 0
    while True:
        known = table[every, place] if seen >= context else np.full((rows, letters), 1 / letters)
        symbols = choose(known, random.random(rows))
        yield Step(symbols, known)
        place = (place * letters + symbols) % contexts
        seen += 1

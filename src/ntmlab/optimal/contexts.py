"""Contexts of a sequence of letters and how often each was seen.

Legend: B batch, T time, n letters of context out of k letters.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from ntmlab.letters import write_letters

NO_CONTEXT = -1  # marks steps with fewer than n letters before them


class NGramContexts:
    """The contexts of n letters out of k, named as they read, the oldest letter first.

    >>> NGramContexts(letters=2, context=2).names
    ['00', '01', '10', '11']
    """

    def __init__(self, letters: int, context: int) -> None:
        self.letters, self.context = letters, context

    @property
    def names(self) -> list[str]:
        """Each context as it reads."""
        every = itertools.product(range(self.letters), repeat=self.context)
        return [write_letters(letters, self.letters) for letters in every]

    def of(self, symbols: NDArray[np.integer]) -> NDArray[np.int64]:
        """The context of every step, (B, T); -1 for the first n."""
        return contexts(symbols, self.context, self.letters)


def deepest(letters: int, most: int) -> int:
    """The most letters of context that have no more than ``most`` values.

    >>> deepest(2, 4096), deepest(256, 4096)
    (12, 1)
    """
    return next(n for n in itertools.count() if letters ** (n + 1) > most)


def contexts(symbols: NDArray[np.integer], context: int, letters: int = 2) -> NDArray[np.int64]:
    """The context of each letter: the previous n as a number, the oldest first, (B, T).

    Steps t < n have none and get -1.

    >>> contexts(np.array([[1, 0, 1, 1]]), 2).tolist()
    [[-1, -1, 2, 1]]
    """
    result = np.full(symbols.shape, NO_CONTEXT, dtype=np.int64)
    last = np.zeros(len(symbols), dtype=np.int64)
    for t in range(symbols.shape[1]):
        if t >= context:
            result[:, t] = last
        last = (last * letters + symbols[:, t]) % letters**context
    return result


def visits(bits: NDArray[np.integer], context_bits: int) -> NDArray[np.int64]:
    """How often the context of each bit was seen before in its sequence, (B, T); -1 without one.

    >>> visits(np.array([[1, 1, 1, 0, 1]]), 1).tolist()
    [[-1, 0, 1, 2, 0]]
    """
    return visits_of(contexts(bits, context_bits), 2**context_bits)


def visits_of(places: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """How often each step's context, one of ``count`` or -1, was seen before, (B, T)."""
    result = np.full(places.shape, NO_CONTEXT, dtype=np.int64)
    seen = np.zeros((len(places), count), dtype=np.int64)
    rows = np.arange(len(places))
    for t, place in enumerate(places.T):
        has = place >= 0
        result[has, t] = seen[rows[has], place[has]]
        seen[rows[has], place[has]] += 1
    return result


def counts(
    bits: NDArray[np.integer], context_bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ones and zeros that followed each context before each step, both (B, T, 2^k).

    >>> ones, zeros = counts(np.array([[1, 1, 0]]), 1)
    >>> ones[0].tolist(), zeros[0].tolist()  # contexts 0 and 1, before bits 1, 1, 0
    ([[0, 0], [0, 0], [0, 1]], [[0, 0], [0, 0], [0, 0]])
    """
    context = contexts(bits, context_bits)
    after = np.arange(2**context_bits) == context[..., None]  # (B, T, 2^k)
    seen = [np.cumsum(after & (bits == value)[..., None], axis=1) for value in (1, 0)]
    ones, zeros = (np.pad(every, ((0, 0), (1, 0), (0, 0)))[:, :-1] for every in seen)
    return ones, zeros


def previous_visits(bits: NDArray[np.integer], context_bits: int) -> NDArray[np.int64]:
    """The last earlier step of the same context, (B, T); -1 at first visits and without one.

    >>> previous_visits(np.array([[1, 1, 1, 0, 1]]), 1).tolist()
    [[-1, -1, 1, 2, -1]]
    """
    return previous_of(contexts(bits, context_bits), 2**context_bits)


def previous_of(places: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The last earlier step with the same context, one of ``count`` or -1, (B, T); -1 if none."""
    result = np.full(places.shape, NO_CONTEXT, dtype=np.int64)
    last = np.full((len(places), count), NO_CONTEXT, dtype=np.int64)
    rows = np.arange(len(places))
    for t, place in enumerate(places.T):
        has = place >= 0
        result[has, t] = last[rows[has], place[has]]
        last[rows[has], place[has]] = t
    return result

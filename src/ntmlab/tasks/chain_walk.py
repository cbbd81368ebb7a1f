"""A few sequences of a hidden Markov model, followed one by one through the draws of a whole block.

Legend: T time, k letters, S states.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ntmlab.tasks.source import bounds

Array = NDArray[np.float64]
Numbers = NDArray[np.unsignedinteger[Any]]

STEPS_AT_ONCE: Final = 1024  # whose draws are held


def draws(random: np.random.Generator, steps: int, rows: int, kept: slice) -> Iterator[Array]:
    """What decides letter and move of each step, (·, 2, kept rows), some steps at a time.

    All rows are drawn, so that the ones that are kept have the numbers that they always have.
    """
    for begin in range(0, steps, STEPS_AT_ONCE):
        yield random.random((min(STEPS_AT_ONCE, steps - begin), 2, rows))[..., kept]


class ChainWalk:
    """Where a chain goes: letters of P ``emission`` (S, k), moves of P ``edges`` (S, k, S)."""

    def __init__(self, emission: Array, edges: Array) -> None:
        with np.errstate(invalid="ignore"):  # letters that never come
            self.emission, self.edges = bounds(emission).tolist(), bounds(edges).tolist()

    def follow(self, state: int, uniform: Array, letters: Numbers, states: Numbers) -> int:
        """Writes each step's letter and the state before it, (T,), and returns the last state.

        ``uniform`` (T, 2) are numbers in [0, 1), with which `ntmlab.tasks.source.choose` would go
        the same way.
        """
        emission, edges = self.emission, self.edges
        letter_of, state_of = [], []
        for chance, move in uniform.tolist():
            letter = bisect_right(emission[state], chance)
            letter_of.append(letter)
            state_of.append(state)
            state = bisect_right(edges[state][letter], move)
        letters[:], states[:] = letter_of, state_of
        return state

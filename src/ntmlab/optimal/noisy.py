"""Another predictor with noise on its logits: what a gap is worth as inaccuracy of every step.

Legend: B batch, k letters.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.optimal.filter import Array, Filter, Letters, advancing
from ntmlab.optimal.logs import log, normalised

Hash = NDArray[np.uint64]

GOLDEN, MIX_1, MIX_2 = (
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


class NoisyState(NamedTuple):
    """The inner predictor's state, and a number that stands for all letters so far."""

    inner: Any
    history: Hash  # (B,)


class Noisy:
    """A filter with normal noise on its logits: the log odds of two letters err by ``deviation``.

    The noise is a function of the letters so far, not of chance: the same sequence has the same
    predictions, alone or in a batch, and no row sees another.

    Raises InputError for a negative or infinite deviation.
    """

    def __init__(self, inner: Filter, deviation: float) -> None:
        if not 0 <= deviation < np.inf:
            raise InputError(f"noise has a deviation of at least 0, not {deviation}")
        self.inner, self.letters, self.deviation = inner, inner.letters, float(deviation)
        self.row_numbers = getattr(inner, "row_numbers", 1)

    def start(self, rows: int) -> NoisyState:
        """The inner start, no letters yet."""
        return NoisyState(self.inner.start(rows), np.full(rows, GOLDEN))

    def predict(self, state: NoisyState) -> Array:
        """P of each letter, (B, k)."""
        # Two independent errors of this size make one of the deviation in the odds.
        error = _normal(state.history, self.letters) * (self.deviation / np.sqrt(2))
        logits = log(self.inner.predict(state.inner)) + error
        return normalised(np.exp(logits - logits.max(1, keepdims=True)))

    def update(self, state: NoisyState, symbols: Letters) -> NoisyState:
        """The inner update."""
        return NoisyState(self.inner.update(state.inner, symbols), _mixed(state.history, symbols))

    def advance(self, state: NoisyState, symbols: Letters) -> NoisyState:
        """As ``update``, and may write into the inner state."""
        inner = advancing(self.inner)(state.inner, symbols)
        return NoisyState(inner, _mixed(state.history, symbols))


def _mixed(history: Hash, symbols: NDArray[np.integer[Any]]) -> Hash:
    """The next history: SplitMix64 (Steele, Lea and Flood, 2014) of the last and a letter."""
    z = history + GOLDEN * (symbols.astype(np.uint64) + np.uint64(1))
    z = (z ^ (z >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return np.asarray(z ^ (z >> np.uint64(31)))


def _normal(history: Hash, count: int) -> Array:
    """Normal numbers (B, count) that belong to a history, by Box and Muller."""
    every = np.broadcast_to(history[:, None], (len(history), count))
    radius, angle = (
        (_mixed(every, np.arange(1000 * part, 1000 * part + count)) >> np.uint64(11)) * 2.0**-53
        for part in (1, 2)
    )
    return np.asarray(np.sqrt(-2 * np.log1p(-radius)) * np.cos(2 * np.pi * angle))

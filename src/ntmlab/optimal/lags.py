"""The exact Bayes predictor of a Markov chain with a latent lag: one earlier letter decides.

Which one, the last or the one ℓ before with ℓ = 1 .. L, is drawn once a sequence, all alike; what
follows each of its k values has a distribution from a Dirichlet prior. The posterior of ℓ follows
from how well each lag's counts foresaw the letters. The first L letters are uniform and teach
nothing.

Legend: B batch, L lags, k letters.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ntmlab.errors import InputError
from ntmlab.given import is_whole
from ntmlab.optimal.filter import Array, InPlace, Letters, check_prior
from ntmlab.optimal.logs import log, log_sum
from ntmlab.outputs import next_symbol_outputs

MOST_LAGS = 1024
MOST_COUNTS = 2**22  # numbers in the counts of a sequence


class LagState(NamedTuple):
    """What each lag has counted, and what it is worth."""

    counts: Array  # (B, L, k, k): of lag, of the letter so long before, of the letter that came
    log_weights: Array  # (B, L)
    recent: Letters  # (B, L) the last letter, the one before, ...
    seen: int


class Lags(InPlace):
    """The filter of k letters, one of the last ``most`` of which decides the next.

    >>> lagged = Lags(letters=2, most=2)
    >>> state = lagged.start(1)
    >>> for letter in (0, 1, 0, 1, 0, 1):
    ...     state = lagged.update(state, np.array([letter]))
    >>> lagged.describe(state)["posterior"].tolist()  # both lags explain 0 1 0 1 alike
    [[0.5, 0.5]]

    Raises InputError for less than one lag or too many for their counts, or a prior that is not
    positive.
    """

    def __init__(self, letters: int = 2, most: int = 5, prior: ArrayLike = 0.5) -> None:
        next_symbol_outputs(letters)
        limit = min(MOST_LAGS, MOST_COUNTS // letters**2)
        if not is_whole(most) or not 1 <= most <= limit:
            raise InputError(f"most must be between 1 and {limit} lags, not {most}")
        self.letters, self.most = letters, most
        self.prior = np.array(check_prior(prior, letters))
        self.row_numbers = most * letters**2

    def start(self, rows: int) -> LagState:
        """Nothing counted, all lags alike."""
        counts = np.zeros((rows, self.most, self.letters, self.letters))
        log_weights = np.full((rows, self.most), -np.log(self.most))
        return LagState(counts, log_weights, np.zeros((rows, self.most), dtype=np.int64), 0)

    def predict(self, state: LagState) -> Array:
        """P of each letter, (B, k)."""
        if state.seen < self.most:
            return np.full((len(state.recent), self.letters), 1 / self.letters)
        weights = np.exp(state.log_weights)
        mean = (weights[:, None] @ self._each(state))[:, 0]
        return np.asarray(mean / weights.sum(1, keepdims=True))

    def advance(self, state: LagState, symbols: Letters) -> LagState:
        """Every lag counts the letter; those that foresaw it gain weight."""
        weights = state.log_weights
        if state.seen >= self.most:
            rows, lags = np.arange(len(symbols))[:, None], np.arange(self.most)
            came = self._each(state)[rows, lags, symbols[:, None]]
            weights = weights + log(came)
            weights -= log_sum(weights)
            state.counts[rows, lags, state.recent, symbols[:, None]] += 1
        recent = np.concatenate([symbols[:, None], state.recent[:, :-1]], 1)
        return LagState(state.counts, weights, recent, state.seen + 1)

    def describe(self, state: LagState) -> dict[str, Array]:
        """P of each lag, (B, L)."""
        return {"posterior": np.exp(state.log_weights)}

    def _each(self, state: LagState) -> Array:
        """P of each letter under each lag, (B, L, k)."""
        rows, lags = np.arange(len(state.recent))[:, None], np.arange(self.most)
        known = state.counts[rows, lags, state.recent] + self.prior
        return np.asarray(known / known.sum(-1, keepdims=True))

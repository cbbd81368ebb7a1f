"""The exact Bayes predictor of piecewise sources: partition tree weighting.

Time is cut in halves at random: a stretch of 2^d letters is one piece with probability 1 − γ, else
each half is cut by the same rule; single letters are not. Each piece has a distribution from a
Dirichlet prior. PTW_d = (1 − γ) KT + γ PTW_{d−1}(first half) PTW_{d−1}(second half) (Veness, White,
Bowling and György, 2013, with γ = 1/2). After 2^D letters another such stretch begins, so that
there is no last letter.

Of every level only the stretch that holds the present is kept, with the logarithm of its odds of
being one piece: memory grows with the depth, not with time.

Legend: B batch, k letters, D depth, level d stretches of 2^d letters.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ntmlab.errors import InputError
from ntmlab.given import check_probability, is_whole
from ntmlab.optimal.filter import Array, InPlace, Letters, check_prior
from ntmlab.optimal.logs import log, odds_against, shares
from ntmlab.outputs import next_symbol_outputs

DEEPEST = 62


class PartitionState(NamedTuple):
    """The present stretch of each level."""

    counts: Array  # (B, D + 1, k) of its letters so far
    log_odds: Array  # (B, D + 1) of being one piece
    seen: int  # letters so far


class PartitionTree(InPlace):
    """Partition tree weighting of k letters to depth D, with split probability γ.

    >>> weighting = PartitionTree(depth=1, split=0.5, prior=0.5)
    >>> weighting.predict(weighting.update(weighting.start(1), np.array([1]))).tolist()
    [[0.375, 0.625]]

    Raises InputError for a depth outside 0..62, a split that is no probability or a prior that is
    not positive.
    """

    def __init__(
        self, letters: int = 2, depth: int = 8, split: float = 0.5, prior: ArrayLike = 0.5
    ) -> None:
        next_symbol_outputs(letters)
        if not is_whole(depth) or not 0 <= depth <= DEEPEST:
            raise InputError(f"depth must be between 0 and {DEEPEST}, not {depth}")
        self.letters, self.depth = letters, depth
        self.split = check_probability("split", split)
        self.prior = np.array(check_prior(prior, letters))
        self._fresh = np.full(depth + 1, odds_against(self.split))
        self._fresh[0] = np.inf
        self.row_numbers = (depth + 1) * (letters + 1)

    def start(self, rows: int) -> PartitionState:
        """A stretch of every level begins."""
        counts = np.zeros((rows, self.depth + 1, self.letters))
        return PartitionState(counts, np.tile(self._fresh, (rows, 1)), 0)

    def predict(self, state: PartitionState) -> Array:
        """P of each letter, (B, k)."""
        each, whole, cut = self._levels(state)
        result = each[:, 0]
        for d in range(1, self.depth + 1):
            result = whole[:, d, None] * each[:, d] + cut[:, d, None] * result
        return np.asarray(result)

    def advance(self, state: PartitionState, symbols: Letters) -> PartitionState:
        """The present stretches count the letter; those that end give way to the next."""
        each, whole, cut = self._levels(state)
        rows = np.arange(len(symbols))
        estimate = each[rows, :, symbols]  # (B, D + 1)
        weighted = estimate[:, 0]
        for d in range(1, self.depth + 1):
            state.log_odds[:, d] += log(estimate[:, d]) - log(weighted)
            weighted = whole[:, d] * estimate[:, d] + cut[:, d] * weighted
        state.counts[rows, :, symbols] += 1
        seen = state.seen + 1
        ended = 1 + min(self.depth, (seen & -seen).bit_length() - 1)  # levels 0 .. ended - 1
        state.counts[:, :ended] = 0
        state.log_odds[:, :ended] = self._fresh[:ended]
        return PartitionState(state.counts, state.log_odds, seen)

    def describe(self, state: PartitionState) -> dict[str, Array]:
        """P that the present piece is the stretch of level 0 .. D, (B, D + 1)."""
        _, whole, cut = self._levels(state)
        above = np.cumprod(cut[:, :0:-1], 1)[:, ::-1]  # all levels above are cut
        reached = np.concatenate([above, np.ones((len(whole), 1))], 1)
        return {"piece_level": reached * whole}

    def _levels(self, state: PartitionState) -> tuple[Array, Array, Array]:
        """Estimates (B, D + 1, k) of each level, P of being one piece and of being cut."""
        known = state.counts + self.prior
        whole, cut = shares(state.log_odds)
        return known / known.sum(-1, keepdims=True), whole, cut

"""The exact Bayes predictor of letters from a random context tree: context-tree weighting.

How much of the past decides the next letter is itself drawn: the root of the tree and each inner
node split, into one child a letter before, with probability γ; nodes at full depth D never do. Each
leaf has a distribution from a Dirichlet prior. The weighted probability of the letters after a node
is P_w = (1 − γ) P_e + γ Π P_w(child), and P_e at full depth (Willems, Shtarkov and Tjalkens, 1995),
with P_e of Krichevsky and Trofimov, or under any Dirichlet prior. The first D letters have no
context and are uniform.

Here each node keeps the logarithm of (1 − γ) P_e : γ Π P_w(child), its odds of being a leaf. The
next letter has P_d(x) = leaf_d KT_d(x) + split_d P_{d+1}(x) at depth d of the path, which is the
quotient of weighted probabilities, and no product of probabilities is ever formed.

Legend: B batch, k letters, D depth, path the D + 1 nodes of the last letters, the root first.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ntmlab.errors import InputError
from ntmlab.given import check_probability, is_whole
from ntmlab.optimal import native
from ntmlab.optimal.contexts import deepest
from ntmlab.optimal.filter import (
    Array,
    InPlace,
    Letters,
    check_prior,
    unroll,
)
from ntmlab.optimal.logs import log, odds_against, shares
from ntmlab.outputs import next_symbol_outputs

MOST_NODES = 2**17


class TreeState(NamedTuple):
    """What every node has seen."""

    counts: Array  # (B, nodes, k)
    log_odds: Array  # (B, nodes) of being a leaf
    context: Letters  # (B,) the last D letters as a number, the oldest first
    seen: int  # letters so far


class ContextTrees(InPlace):
    """Context-tree weighting of k letters to depth D, with split probability γ.

    >>> weighting = ContextTrees(depth=1, split=0.5, prior=0.5)
    >>> state = weighting.start(1)
    >>> for letter in (0, 0):  # the first has no context
    ...     state = weighting.update(state, np.array([letter]))
    >>> weighting.predict(state).tolist()
    [[0.75, 0.25]]

    Raises InputError for a depth below 0 or with more than 131,072 nodes, a split that is no
    probability or a prior that is not positive.
    """

    def __init__(
        self, letters: int = 2, depth: int = 5, split: float = 0.5, prior: ArrayLike = 0.5
    ) -> None:
        next_symbol_outputs(letters)
        self.letters, self.depth = letters, check_depth(depth, letters, MOST_NODES)
        self.split = check_probability("split", split)
        self.prior = np.array(check_prior(prior, letters))
        sizes = letters ** np.arange(self.depth + 1)
        self._first = np.cumsum(sizes) - sizes  # number of the first node of each depth
        self._sizes = sizes
        self.nodes = int(sizes.sum())
        self.row_numbers = self.nodes * (letters + 1)

    def start(self, rows: int) -> TreeState:
        """Nothing counted, odds as before."""
        counts = np.zeros((rows, self.nodes, self.letters))
        log_odds = np.full((rows, self.nodes), odds_against(self.split))
        log_odds[:, self._first[-1] :] = np.inf
        return TreeState(counts, log_odds, np.zeros(rows, dtype=np.int64), 0)

    def predict(self, state: TreeState) -> Array:
        """P of each letter, (B, k)."""
        rows = len(state.context)
        if state.seen < self.depth:
            return np.full((rows, self.letters), 1 / self.letters)
        each, leaf, split = self._path(state)
        result = each[:, -1]
        for d in range(self.depth - 1, -1, -1):
            result = leaf[:, d, None] * each[:, d] + split[:, d, None] * result
        return np.asarray(result)

    def advance(self, state: TreeState, symbols: Letters) -> TreeState:
        """The nodes of the path count the letter, and change their odds, once there is a path."""
        context = (state.context * self.letters + symbols) % self._sizes[-1]
        if state.seen >= self.depth:
            each, leaf, split = self._path(state)
            rows = np.arange(len(symbols))
            estimate = each[rows, :, symbols]  # (B, D + 1)
            weighted = estimate[:, -1]
            nodes = self._nodes(state)
            for d in range(self.depth - 1, -1, -1):
                state.log_odds[rows, nodes[:, d]] += log(estimate[:, d]) - log(weighted)
                weighted = leaf[:, d] * estimate[:, d] + split[:, d] * weighted
            state.counts[rows[:, None], nodes, symbols[:, None]] += 1
        return TreeState(state.counts, state.log_odds, context, state.seen + 1)

    def unrolled(self, symbols: Letters) -> Array:
        """As `unroll`, compiled where that was built, (B, T + 1, k)."""
        with np.errstate(over="ignore"):  # infinite where nothing splits
            odds = float(np.exp(odds_against(self.split)))
        found = native.trees(symbols, self.depth, odds, self.prior)
        return unroll(self, symbols) if found is None else found

    def describe(self, state: TreeState) -> dict[str, Array]:
        """P that the leaf on the path has depth 0 .. D, (B, D + 1); after D letters."""
        rows = len(state.context)
        result = np.zeros((rows, self.depth + 1))
        if state.seen >= self.depth:
            _, leaf, split = self._path(state)
            reached = np.cumprod(np.concatenate([np.ones((rows, 1)), split[:, :-1]], 1), 1)
            result = reached * leaf
        return {"leaf_depth": result}

    def _nodes(self, state: TreeState) -> Letters:
        """Numbers of the path's nodes, (B, D + 1)."""
        return np.asarray(self._first + state.context[:, None] % self._sizes)

    def _path(self, state: TreeState) -> tuple[Array, Array, Array]:
        """Estimates (B, D + 1, k) of the path's nodes, P of being a leaf and of being split."""
        nodes = self._nodes(state)
        known = np.take_along_axis(state.counts, nodes[..., None], 1) + self.prior
        leaf, split = shares(np.take_along_axis(state.log_odds, nodes, 1))
        return known / known.sum(-1, keepdims=True), leaf, split


def check_depth(depth: int, letters: int, most: int) -> int:
    """A depth whose tree has not too many nodes; raises InputError for another."""
    limit = deepest(letters, most)
    if not is_whole(depth) or not 0 <= depth <= limit:
        raise InputError(f"depth is between 0 and {limit} for {letters} letters, not {depth}")
    return depth

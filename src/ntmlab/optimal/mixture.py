"""Bayes mixtures: one of finitely many predictors is right, and which is learnt on the way.

The prediction is Σ_m w_m P_m(x) with w_m ∝ (prior of m) × (probability that m gave to the letters
so far). It costs at most log2(1 / prior of m) bits more than m, for each m.

Legend: B batch, M members, k letters.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ntmlab.errors import InputError
from ntmlab.optimal.chains import check_distribution
from ntmlab.optimal.filter import NUMBERS_AT_ONCE, Array, Filter, Letters, advancing, unroll
from ntmlab.optimal.logs import learnt, log, log_sum
from ntmlab.outputs import next_symbol_outputs


class MixtureState(NamedTuple):
    """What is known of the members, and what each knows."""

    log_weights: Array  # (B, M)
    members: tuple[Any, ...]


class Mixture:
    """The Bayes mixture of filters of one alphabet, with equal weights unless given.

    A letter that is impossible under every member that is still possible costs infinity and leaves
    the weights as they are.

    >>> from ntmlab.optimal.kt import KT
    >>> orders = Mixture([KT(2, 0), KT(2, 1)])
    >>> orders.predict(orders.update(orders.start(1), np.array([1]))).tolist()
    [[0.375, 0.625]]

    Raises InputError without members, for members of different alphabets, or for weights that are
    no distribution over them.
    """

    def __init__(self, members: Sequence[Filter], weights: ArrayLike | None = None) -> None:
        if not members:
            raise InputError("a mixture needs at least one member")
        alphabets = sorted({member.letters for member in members})
        if len(alphabets) > 1:
            raise InputError(f"the members have alphabets of different sizes: {alphabets}")
        self.members, self.letters = tuple(members), alphabets[0]
        even = np.full(len(members), 1 / len(members))
        self.weights = even if weights is None else check_distribution("weights", weights)
        if len(self.weights) != len(members):
            raise InputError(f"{len(self.weights)} weights do not fit {len(members)} members")
        self.row_numbers = sum(getattr(member, "row_numbers", 1) for member in members)

    def start(self, rows: int) -> MixtureState:
        """The weights before, and every member's start."""
        log_weights = np.tile(log(self.weights), (rows, 1))
        return MixtureState(log_weights, tuple(m.start(rows) for m in self.members))

    def predict(self, state: MixtureState) -> Array:
        """P of each letter, (B, k)."""
        return self._mean(state.log_weights, self._each(state))

    def update(self, state: MixtureState, symbols: Letters) -> MixtureState:
        """Members that foresaw the letters gain weight; the old state stays valid."""
        return self._next(state, symbols, [member.update for member in self.members])

    def advance(self, state: MixtureState, symbols: Letters) -> MixtureState:
        """As ``update``, and may write into the members' states."""
        return self._next(state, symbols, [advancing(member) for member in self.members])

    def unrolled(self, symbols: Letters) -> Array:
        """As `unroll`, one member after the other where nothing is impossible, (B, T + 1, k)."""
        size = len(self.members) * (symbols.shape[1] + 1) * self.letters
        at_once = max(1, NUMBERS_AT_ONCE // size)
        starts = range(0, len(symbols), at_once)
        return np.concatenate([self._unrolled(symbols[row : row + at_once]) for row in starts])

    def _unrolled(self, symbols: Letters) -> Array:
        ways = [getattr(m, "unrolled", lambda s, m=m: unroll(m, s)) for m in self.members]
        each = np.stack([way(symbols) for way in ways], axis=-1)  # (B, T + 1, k, M)
        came = np.take_along_axis(each[:, :-1], symbols[..., None, None], 2)[:, :, 0]
        if (came <= 0).any():
            return unroll(self, symbols)
        gained = np.cumsum(np.pad(log(came), ((0, 0), (1, 0), (0, 0))), axis=1)
        log_weights = log(self.weights) + gained
        weights = np.exp(log_weights - log_sum(log_weights))
        return np.asarray((each @ weights[..., None])[..., 0])

    def describe(self, state: MixtureState) -> dict[str, Array]:
        """P of each member, (B, M)."""
        return {"posterior": np.exp(state.log_weights)}

    def _next(self, state: MixtureState, symbols: Letters, ways: Sequence[Any]) -> MixtureState:
        came = self._each(state)[:, np.arange(len(symbols)), symbols]  # (M, B)
        weights = learnt(state.log_weights, log(came.T))
        members = zip(ways, state.members, strict=True)
        return MixtureState(weights, tuple(way(own, symbols) for way, own in members))

    def _each(self, state: MixtureState) -> Array:
        """Every member's prediction, (M, B, k)."""
        pairs = zip(self.members, state.members, strict=True)
        return np.stack([member.predict(own) for member, own in pairs])

    def _mean(self, log_weights: Array, each: Array) -> Array:
        return np.asarray(np.einsum("bm,mbk->bk", np.exp(log_weights), each))


class Fixed:
    """Letters drawn independently from one known distribution, (k,)."""

    def __init__(self, distribution: ArrayLike) -> None:
        self.distribution = check_distribution("distribution", distribution)
        self.letters = len(self.distribution)
        next_symbol_outputs(self.letters)

    def start(self, rows: int) -> int:
        """How many sequences there are."""
        return rows

    def predict(self, state: int) -> Array:
        """The distribution, (B, k)."""
        return np.tile(self.distribution, (state, 1))

    def update(self, state: int, symbols: Letters) -> int:
        """Nothing is learnt."""
        return state

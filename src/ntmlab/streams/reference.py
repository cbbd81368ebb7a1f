"""Predictors of one sequence, letter after letter: the readable definition of the compiled ones.

Sums, products and quotients of doubles in a fixed order, so that a code written on one machine is
read on another; no logarithm, which rounds otherwise elsewhere. Those that filters take in other
ways (`ContextTrees`, `Mixture`) agree with them to 1e-9.

Legend: k letters, D depth, M members.
"""

from typing import Protocol

import numpy as np

from ntmlab.optimal.context_trees import ContextTrees
from ntmlab.optimal.filter import Array, Filter, Stream
from ntmlab.optimal.kt import KT
from ntmlab.optimal.mixture import Mixture
from ntmlab.outputs import next_symbol_outputs


class Steps(Protocol):
    """What predicts one sequence: P of each letter (k,) now, and what came."""

    @property
    def probabilities(self) -> Array: ...
    def update(self, symbol: int) -> None: ...


def by_bit(distribution: Array) -> Array:
    """P of each letter, (k,), as predictions are kept: of two letters, P(0) is 1 − P(1)."""
    outputs = next_symbol_outputs(len(distribution))
    return np.asarray(outputs.distribution(outputs.from_distribution(distribution)))


class FilterSteps:
    """A filter's own steps; `KT` and `BackOff` are compiled to the same numbers."""

    def __init__(self, exact: Filter) -> None:
        self.stream = Stream(exact)

    @property
    def probabilities(self) -> Array:
        """P of each letter, (k,)."""
        return by_bit(self.stream.probabilities)

    def update(self, symbol: int) -> None:
        """Takes in what came."""
        self.stream.update(symbol)


class Odds:
    """A positive number of any size: value · 2^(512 scale), value between 2^-256 and 2^256."""

    def __init__(self) -> None:
        self.value, self.scale = 1.0, 0

    def multiply(self, factor: float) -> None:
        """Multiplies it."""
        self.value *= factor
        if self.value > 2.0**256:
            self.value, self.scale = self.value * 2.0**-512, self.scale + 1
        elif self.value < 2.0**-256:
            self.value, self.scale = self.value * 2.0**512, self.scale - 1

    @property
    def shares(self) -> tuple[float, float]:
        """The probabilities of two sides of which this is the odds."""
        if self.scale:
            return (1.0, 0.0) if self.scale > 0 else (0.0, 1.0)
        split = 1.0 / (1.0 + self.value)
        return self.value * split, split


class TreeSteps:
    """`ContextTrees` of even splits, each node's odds as a number."""

    def __init__(self, exact: ContextTrees) -> None:
        self.letters, self.depth, self.prior = exact.letters, exact.depth, exact.prior
        self.weight = float(exact.prior.sum())
        self.counts: dict[tuple[int, ...], Array] = {}
        self.odds: dict[tuple[int, ...], Odds] = {}
        self.past: list[int] = []

    @property
    def probabilities(self) -> Array:
        """P of each letter, (k,)."""
        if len(self.past) < self.depth:
            return np.full(self.letters, 1.0 / self.letters)
        return by_bit(self._weighted()[1][0])

    def update(self, symbol: int) -> None:
        """The nodes of the path change their odds and count the letter."""
        if len(self.past) >= self.depth:
            own, mixed = self._weighted()
            for d, node in enumerate(self._path()):
                if d < self.depth:
                    self._odds(node).multiply(float(own[d][symbol] / mixed[d + 1][symbol]))
                self.counts.setdefault(node, np.zeros(self.letters))[symbol] += 1
        self.past = [*self.past, symbol][-self.depth :] if self.depth else []

    def _path(self) -> list[tuple[int, ...]]:
        """The nodes of the last 0 .. D letters, each by its letters."""
        past = self.past
        return [tuple(past[len(past) - d :]) for d in range(self.depth + 1)]

    def _odds(self, node: tuple[int, ...]) -> Odds:
        return self.odds.setdefault(node, Odds())

    def _weighted(self) -> tuple[list[Array], list[Array]]:
        """What each node of the path says, and what the tree from it on does, (k,) each."""
        own = []
        for node in self._path():
            counts = self.counts.get(node, np.zeros(self.letters))
            own.append((counts + self.prior) * (1.0 / (counts.sum() + self.weight)))
        mixed = [own[-1]]
        for d in range(self.depth - 1, -1, -1):
            leaf, split = self._odds(self._path()[d]).shares
            mixed.insert(0, leaf * own[d] + split * mixed[0])
        return own, mixed


class OrderSteps:
    """A `Mixture` of `KT` filters of even weights, each weight as a number."""

    def __init__(self, exact: Mixture) -> None:
        self.members = [Stream(member) for member in exact.members]
        self.letters = exact.letters
        self.weights = [Odds() for _ in self.members]

    @property
    def probabilities(self) -> Array:
        """P of each letter, (k,)."""
        highest = max(weight.scale for weight in self.weights)
        mixed, total = np.zeros(self.letters), 0.0
        for weight, member in zip(self.weights, self.members, strict=True):
            below = highest - weight.scale
            relative = weight.value * 2.0 ** (-512 * below) if below < 2 else 0.0
            mixed, total = mixed + relative * member.probabilities, total + relative
        return by_bit(mixed / total)

    def update(self, symbol: int) -> None:
        """Members that foresaw the letter gain weight."""
        for weight, member in zip(self.weights, self.members, strict=True):
            weight.multiply(float(member.probabilities[symbol]))
            member.update(symbol)


def steps_of(exact: Filter) -> Steps:
    """A fresh predictor of one sequence, from a filter."""
    if type(exact) is ContextTrees and exact.split == 0.5:
        return TreeSteps(exact)
    if type(exact) is Mixture and all(type(member) is KT for member in exact.members):
        even = (exact.weights == exact.weights[0]).all()
        return OrderSteps(exact) if even else FilterSteps(exact)
    return FilterSteps(exact)

"""Every filter beside its definition: what the contract of filters is tested on."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ntmlab.optimal import (
    KT,
    BackOff,
    Capped,
    ChangePoints,
    Coin,
    ContextTrees,
    Decayed,
    Fixed,
    Forward,
    Lags,
    Mixture,
    Noisy,
    Padded,
    PartitionTree,
    Window,
)
from ntmlab.optimal.chains import stationary
from ntmlab.tasks.processes import PROCESSES, process
from tests.oracles import definitions as by

LEAST = 2.0**-40


class Case(NamedTuple):
    """A filter, P of a whole word from the definition, and how long words are tried.

    ``make(order)`` gives the filter in which letter order[x] plays the part of letter x.
    """

    make: Callable[[Any], Any]
    joint: Callable[[tuple[int, ...]], float] | None
    length: int
    letters: int = 2
    symmetric: bool = True  # letters may change places


def placed(values, order):
    """Values of letters after the letters changed places."""
    result = np.empty_like(np.asarray(values, dtype=float))
    result[list(order)] = values
    return result


def with_prior(kind, joint, prior, length, **options):
    """A case with an uneven prior."""
    return Case(
        lambda order: kind(len(prior), prior=placed(prior, order), **options),
        lambda word: joint(word, prior=prior, **options),
        length,
        len(prior),
    )


def chain(matrices, start, length=5):
    """A hidden Markov model."""
    return Case(
        lambda order: Forward(placed(matrices, order), start),
        lambda word: by.paths(word, matrices, start),
        length,
        len(matrices),
    )


def random_model(states, letters, seed, zeros=0.0):
    """Matrices and start drawn at random, some edges missing."""
    random = np.random.default_rng(seed)
    numbers = random.dirichlet(np.ones(states * letters), size=states)
    numbers *= random.random(numbers.shape) >= zeros
    numbers /= numbers.sum(1, keepdims=True)
    start = random.dirichlet(np.ones(states))
    return numbers.reshape(states, letters, states).transpose(1, 0, 2), start


def rule(kind, following, letters, tried, symmetric=True, **options):
    """An estimator that is a rule for the next letter."""
    return Case(
        lambda order: kind(letters, **options),
        lambda word: by.product(word, following),
        tried,
        letters,
        symmetric,
    )


UNEVEN, HALVES = (0.3, 2.5), (0.5, 0.5, 0.5)
COINS = [(0.2, 0.8), (0.5, 0.5), (1.0, 0.0)]


def mixture(order):
    """Two tables and a tree, unequally likely."""
    members = [KT(2, 0, placed(UNEVEN, order)), KT(2, 1, 0.5), ContextTrees(2, 2)]
    return Mixture(members, [0.2, 0.3, 0.5])


def mixture_joint(word):
    parts = [by.ngrams(word, 0, UNEVEN), by.ngrams(word, 1, (0.5, 0.5))]
    return np.dot([0.2, 0.3, 0.5], [*parts, by.context_trees(word, 2, 0.5, (0.5, 0.5))])


def coins_joint(word):
    return sum(np.prod([coin[x] for x in word]) for coin in COINS) / 3


CASES: dict[str, Case] = {
    "coin of 3": Case(lambda order: Coin(3), lambda word: 3.0 ** -len(word), 4, 3),
    "fixed": Case(
        lambda order: Fixed(placed([0.1, 0.9], order)),
        lambda word: float(np.prod([[0.1, 0.9][x] for x in word])),
        6,
    ),
    "kt 0": with_prior(KT, by.ngrams, UNEVEN, 9, context=0),
    "kt 2": with_prior(KT, by.ngrams, UNEVEN, 9, context=2),
    "kt 1 of 3": with_prior(KT, by.ngrams, (0.5, 1.0, 3.0), 6, context=1),
    "add-1 of 3": with_prior(KT, by.ngrams, (1.0, 1.0, 1.0), 7, context=0),
    "add-1 of 3, one letter of context": with_prior(KT, by.ngrams, (1.0, 1.0, 1.0), 6, context=1),
    "add-⅓ of 3": with_prior(KT, by.ngrams, (1 / 3, 1 / 3, 1 / 3), 6, context=1),
    "kt with a tiny prior": with_prior(KT, by.ngrams, (1e-3, 1e-3), 9, context=1),
    "kt with a huge prior": with_prior(KT, by.ngrams, (1e3, 1e3), 9, context=1),
    "change points": with_prior(ChangePoints, by.change_points, UNEVEN, 9, hazard=0.1),
    "change points of 3": with_prior(ChangePoints, by.change_points, HALVES, 6, hazard=0.4),
    "change points never": with_prior(ChangePoints, by.change_points, UNEVEN, 8, hazard=0.0),
    "change points always": with_prior(ChangePoints, by.change_points, UNEVEN, 8, hazard=1.0),
    "change points, tiny": with_prior(ChangePoints, by.change_points, (1e-3, 1e-3), 8, hazard=1e-6),
    "trees 0": with_prior(ContextTrees, by.context_trees, UNEVEN, 8, depth=0, split=0.5),
    "trees 1": with_prior(ContextTrees, by.context_trees, UNEVEN, 9, depth=1, split=0.3),
    "trees 2": with_prior(ContextTrees, by.context_trees, UNEVEN, 9, depth=2, split=0.5),
    "trees 3": with_prior(ContextTrees, by.context_trees, (0.5, 0.5), 9, depth=3, split=0.7),
    "trees 1 of 3": with_prior(ContextTrees, by.context_trees, HALVES, 6, depth=1, split=0.5),
    "trees 2 of 3": with_prior(ContextTrees, by.context_trees, HALVES, 5, depth=2, split=0.5),
    "trees never": with_prior(ContextTrees, by.context_trees, UNEVEN, 8, depth=2, split=0.0),
    "trees always": with_prior(ContextTrees, by.context_trees, UNEVEN, 8, depth=2, split=1.0),
    "halves 0": with_prior(PartitionTree, by.partition_tree, UNEVEN, 6, depth=0, split=0.5),
    "halves 1": with_prior(PartitionTree, by.partition_tree, UNEVEN, 9, depth=1, split=0.3),
    "halves 3": with_prior(PartitionTree, by.partition_tree, UNEVEN, 10, depth=3, split=0.5),
    "halves 2 of 3": with_prior(PartitionTree, by.partition_tree, HALVES, 6, depth=2, split=0.5),
    "halves never": with_prior(PartitionTree, by.partition_tree, UNEVEN, 8, depth=2, split=0.0),
    "halves always": with_prior(PartitionTree, by.partition_tree, UNEVEN, 8, depth=2, split=1.0),
    "lags": with_prior(Lags, by.lags, UNEVEN, 9, most=3),
    "lags of 3": with_prior(Lags, by.lags, (0.5, 1.0, 3.0), 6, most=2),
    "mixture": Case(mixture, mixture_joint, 8),
    "coins": Case(
        lambda order: Mixture([Fixed(placed(coin, order)) for coin in COINS]), coins_joint, 8
    ),
    "chain of 2": chain(*random_model(2, 2, 0)),
    "chain of 3 letters": chain(*random_model(3, 3, 1)),
    "chain with holes": chain(*random_model(3, 2, 2, zeros=0.4)),
    **{name: chain(process(name), stationary(process(name).sum(0)), 4) for name in PROCESSES},
    "window": rule(Window, lambda p: by.window(p, 1, 3, 2), 2, 8, context=1, length=3),
    "window of 3": rule(Window, lambda p: by.window(p, 1, 2, 3), 3, 6, context=1, length=2),
    "window without context": rule(
        Window, lambda p: by.window(p, 0, 4, 2), 2, 8, context=0, length=4
    ),
    "capped": rule(Capped, lambda p: by.capped(p, 1, 2, 2), 2, 8, context=1, most=2),
    "decayed": rule(Decayed, lambda p: by.decayed(p, 1, 0.8, 2), 2, 8, context=1, keep=0.8),
    "padded": rule(Padded, lambda p: by.padded(p, 2, 2), 2, 8, False, context=2),
    "back off": rule(BackOff, lambda p: by.back_off(p, 2, 2, LEAST), 2, 8, context=2),
    "back off of 3": rule(BackOff, lambda p: by.back_off(p, 2, 3, LEAST), 3, 6, context=2),
    "noisy": Case(lambda order: Noisy(KT(2, 1), 0.3), None, 8, 2, False),
    "noisy of 3": Case(lambda order: Noisy(KT(3, 1), 0.3), None, 5, 3, False),
}

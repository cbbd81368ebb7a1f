"""What filters say that they know: posteriors, against sums over everything that is hidden."""

import itertools
import math
from collections import defaultdict

import numpy as np
import pytest

from ntmlab.optimal import KT, ContextTrees, Lags, Mixture, PartitionTree, described
from tests.oracles import definitions as by

SPLIT, PRIOR = 0.3, (0.4, 0.7)
WORDS = by.all_words(2, 7)[5::9]


def normalised(weights):
    return np.array(weights) / sum(weights)


def after(word, first, known):
    """The letters from a step on, by what is known of the letters before each."""
    groups = defaultdict(list)
    for t in range(first, len(word)):
        groups[known(word[:t])].append(word[t])
    return by.tabled(groups.values(), PRIOR)


def level(word, depth):
    """Of the piece that the next letter lies in, by all ways to halve the present stretch."""
    place = len(word) % 2**depth
    stretch, levels = word[len(word) - place :], [0.0] * (depth + 1)
    for chance, lengths in by.halvings(depth, SPLIT):
        ends = list(itertools.accumulate([0, *lengths]))
        pieces = [stretch[a:b] for a, b in itertools.pairwise(ends)]
        (own,) = [n for a, b, n in zip(ends, ends[1:], lengths, strict=False) if a <= place < b]
        levels[int(math.log2(own))] += chance * by.tabled(pieces, PRIOR)
    return normalised(levels)


def leaf_depth(word, depth):
    """Of the leaf that the next letter follows, by all trees."""
    depths = [0.0] * (depth + 1)
    for chance, leaves in by.trees(2, depth, SPLIT):

        def leaf(past, leaves=leaves):
            (found,) = [one for one in leaves if past[len(past) - len(one) :] == one]
            return found

        depths[len(leaf(word))] += chance * after(word, depth, leaf)
    return normalised(depths)


def lag(word, most):
    """By how well each foresaw the letters."""
    return normalised([after(word, most, lambda past, n=n: past[-n]) for n in range(1, most + 1)])


def member(word, weights):
    """Of counters after 0, 1, ... letters of context."""
    joint = [by.ngrams(word, n, PRIOR) for n in range(len(weights))]
    return normalised([weight * p for weight, p in zip(weights, joint, strict=True)])


KNOWN = {
    "piece_level": (PartitionTree(2, 2, SPLIT, PRIOR), lambda word: level(word, 2), 0),
    "leaf_depth": (ContextTrees(2, 2, SPLIT, PRIOR), lambda word: leaf_depth(word, 2), 2),
    "lag": (Lags(2, 3, PRIOR), lambda word: lag(word, 3), 0),
    "member": (
        Mixture([KT(2, n, PRIOR) for n in range(3)], [0.2, 0.5, 0.3]),
        lambda word: member(word, [0.2, 0.5, 0.3]),
        0,
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known_is_the_posterior_before_every_step_and_after_the_last(name):
    exact, posterior, first = KNOWN[name]
    ((_, found),) = described(exact, np.array(WORDS)).items()
    for said, word in zip(found, WORDS, strict=True):
        expected = [posterior(word[:t]) for t in range(first, len(word) + 1)]
        np.testing.assert_allclose(said[first:], expected, rtol=1e-9)

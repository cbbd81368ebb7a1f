"""Probabilities of whole sequences as fractions: nothing is rounded, whatever the parameters.

Written from the definitions by other ways than tests/oracles/definitions.py (recursions in place of
sums over all that is hidden), and as that shares nothing with the package.
"""

from collections import Counter
from fractions import Fraction
from functools import cache


@cache
def dirichlet(counts, prior):
    """P of letters with these counts, in any order, under a Dirichlet prior."""
    result, seen, total = Fraction(1), 0, sum(map(Fraction, prior))
    for count, alpha in zip(counts, prior, strict=True):
        for n in range(count):
            result *= (Fraction(alpha) + n) / (total + seen)
            seen += 1
    return result


def block(letters, prior):
    """P of letters from one distribution."""
    counted = Counter(letters)
    return dirichlet(tuple(counted[x] for x in range(len(prior))), prior)


def after(word, length, first):
    """The letters from a step on, by the so many letters before each."""
    groups = {}
    for t in range(first, len(word)):
        groups.setdefault(word[t - length : t], []).append(word[t])
    return groups


def uniform(word, first, prior):
    """P of the first letters, which have no context."""
    return Fraction(1, len(prior)) ** min(first, len(word))


def ngrams(word, context, prior):
    """A table of distributions, one a context."""
    result = uniform(word, context, prior)
    for letters in after(word, context, context).values():
        result *= block(letters, prior)
    return result


def change_points(word, hazard, prior):
    """P(word to t) over where the last piece began."""
    h, to = Fraction(hazard), [Fraction(1)]
    for t in range(1, len(word) + 1):
        total = Fraction(0)
        for begun in range(t):
            chance = (1 - h) ** (t - begun - 1) * (h if begun else 1)
            total += to[begun] * chance * block(word[begun:t], prior) if chance else 0
        to.append(total)
    return to[-1]


def context_trees(word, depth, split, prior):
    """P_w of the root."""

    def weighted(node):
        came = [x for t, x in enumerate(word) if t >= depth and word[t - len(node) : t] == node]
        if not came:
            return Fraction(1)
        own = block(came, prior)
        if len(node) == depth:
            return own
        children = Fraction(1)
        for letter in set(word):
            children *= weighted((letter, *node))
        return (1 - Fraction(split)) * own + Fraction(split) * children

    return uniform(word, depth, prior) * weighted(())


def partition_tree(word, depth, split, prior):
    """PTW of one stretch after the other."""

    def stretch(letters, d):
        own = block(letters, prior)
        if d == 0 or not letters:
            return own
        half = 2 ** (d - 1)
        cut = stretch(letters[:half], d - 1) * stretch(letters[half:], d - 1)
        return (1 - Fraction(split)) * own + Fraction(split) * cut

    result = Fraction(1)
    for start in range(0, len(word), 2**depth):
        result *= stretch(word[start : start + 2**depth], depth)
    return result


def lags(word, most, prior):
    """Mean over the lag of tables that one letter before indexes."""
    total = Fraction(0)
    for lag in range(1, most + 1):
        groups = {}
        for t in range(most, len(word)):
            groups.setdefault(word[t - lag], []).append(word[t])
        product = Fraction(1, most)
        for letters in groups.values():
            product *= block(letters, prior)
        total += product
    return total * uniform(word, most, prior)


def forward(word, matrices, start):
    """P(word) of a hidden Markov model that emits on its edges."""
    belief = [Fraction(p) for p in start]
    for x in word:
        edges = matrices[x]
        belief = [
            sum(b * Fraction(float(row[j])) for b, row in zip(belief, edges, strict=True))
            for j in range(len(start))
        ]
    return sum(belief)


def orders(word, first, last, prior):
    """Even mixture of tables with contexts of ``first`` to ``last`` letters."""
    lengths = range(first, last + 1)
    return sum(ngrams(word, n, prior) for n in lengths) / Fraction(len(lengths))


def fixed(word, distributions):
    """Even mixture of known distributions."""
    total = Fraction(0)
    for distribution in distributions:
        product = Fraction(1, len(distributions))
        for x in word:
            product *= Fraction(distribution[x])
        total += product
    return total

"""Probabilities of whole sequences from definitions: integrals, sums over all that is hidden.

Plain loops over everything that the filters sum in their heads: every table, every segmentation,
every tree, every path. Nothing here is shared with the package.
"""

import itertools
import math
from collections import Counter, defaultdict


def all_words(letters, length):
    """Every sequence of a length over an alphabet."""
    return list(itertools.product(range(letters), repeat=length))


def dirichlet(word, prior):
    """P(word), its letters drawn from a distribution that was drawn from a Dirichlet prior."""
    counts, total = Counter(word), sum(prior)
    log_p = math.lgamma(total) - math.lgamma(total + len(word))
    for letter, alpha in enumerate(prior):
        log_p += math.lgamma(alpha + counts[letter]) - math.lgamma(alpha)
    return math.exp(log_p)


def tabled(groups, prior):
    """Product over groups of letters that share a distribution."""
    return math.prod(dirichlet(group, prior) for group in groups)


def ngrams(word, context, prior):
    """Letters from a table of distributions, one a context; the first are uniform."""
    after = defaultdict(list)
    for t in range(context, len(word)):
        after[word[t - context : t]].append(word[t])
    return len(prior) ** -float(min(context, len(word))) * tabled(after.values(), prior)


def change_points(word, hazard, prior):
    """Sum over every way to cut the word: a cut before each letter but the first, or none."""
    total = 0.0
    for cuts in itertools.product((False, True), repeat=max(len(word) - 1, 0)):
        ends = [0, *(t + 1 for t, cut in enumerate(cuts) if cut), len(word)]
        pieces = [word[a:b] for a, b in itertools.pairwise(ends)]
        chance = math.prod(hazard if cut else 1 - hazard for cut in cuts)
        total += chance * tabled(pieces, prior)
    return total


def trees(letters, depth, split):
    """Every tree of a depth with its prior: a list of (chance, leaves), a leaf being a suffix."""
    if depth == 0:
        return [(1.0, [()])]
    found = [(1 - split, [()])]
    smaller = trees(letters, depth - 1, split)
    for children in itertools.product(smaller, repeat=letters):
        leaves = [(*leaf, x) for x, (_, own) in enumerate(children) for leaf in own]
        found.append((split * math.prod(chance for chance, _ in children), leaves))
    return found


def context_trees(word, depth, split, prior):
    """Sum over every tree: letters that follow one leaf share a distribution."""
    k, total = len(prior), 0.0
    for chance, leaves in trees(k, depth, split):
        after = defaultdict(list)
        for t in range(depth, len(word)):
            past = word[:t]
            (leaf,) = [leaf for leaf in leaves if past[len(past) - len(leaf) :] == leaf]
            after[leaf].append(word[t])
        total += chance * tabled(after.values(), prior)
    return total * k ** -float(min(depth, len(word)))


def halvings(depth, split):
    """Every way to halve a stretch of 2^depth, and halves again: (chance, lengths of pieces)."""
    if depth == 0:
        return [(1.0, [1])]
    found = [(1 - split, [2**depth])]
    halves = halvings(depth - 1, split)
    for (p, left), (q, right) in itertools.product(halves, repeat=2):
        found.append((split * p * q, left + right))
    return found


def partition_tree(word, depth, split, prior):
    """Product over stretches of 2^depth letters of the sum over every way to halve them."""
    result = 1.0
    for start in range(0, len(word), 2**depth):
        total = 0.0
        for chance, lengths in halvings(depth, split):
            ends = [start + end for end in itertools.accumulate([0, *lengths])]
            pieces = [word[a : min(b, len(word))] for a, b in itertools.pairwise(ends)]
            total += chance * tabled(pieces, prior)
        result *= total
    return result


def lags(word, most, prior):
    """Mean over the lag: letters that follow one letter at that distance share a distribution."""
    total = 0.0
    for lag in range(1, most + 1):
        after = defaultdict(list)
        for t in range(most, len(word)):
            after[word[t - lag]].append(word[t])
        total += tabled(after.values(), prior) / most
    return total * len(prior) ** -float(min(most, len(word)))


def paths(word, matrices, start):
    """Sum over every path of hidden states."""
    total = 0.0
    for path in itertools.product(range(len(start)), repeat=len(word) + 1):
        steps = zip(word, path[:-1], path[1:], strict=True)
        total += start[path[0]] * math.prod(float(matrices[x][i][j]) for x, i, j in steps)
    return total


def product(word, following):
    """P(word) from a rule for the next letter: following(past) gives P of every letter."""
    return math.prod(following(word[:t])[word[t]] for t in range(len(word)))


def counted(pairs, context, k, beta):
    """(N + β) / (ΣN + kβ) of weights that follow a context, in pairs (context, letter, weight)."""
    weights = [beta] * k
    for where, letter, weight in pairs:
        if where == context:
            weights[letter] += weight
    return [w / sum(weights) for w in weights]


def pairs_of(past, n):
    """Every context of n letters with the letter that followed."""
    return [(past[t - n : t], past[t]) for t in range(n, len(past))]


def window(past, n, length, k):
    """Add-½ over the last counts alone."""
    if len(past) < n:
        return [1 / k] * k
    last = [(c, x, 1.0) for c, x in pairs_of(past, n)][-length:]
    return counted(last, past[len(past) - n :], k, 0.5)


def decayed(past, n, keep, k):
    """Add-½ over counts that fade by a factor with every letter."""
    if len(past) < n:
        return [1 / k] * k
    every = pairs_of(past, n)
    faded = [(c, x, keep ** (len(every) - 1 - i)) for i, (c, x) in enumerate(every)]
    return counted(faded, past[len(past) - n :], k, 0.5)


def capped(past, n, most, k):
    """Add-½ over counts that are scaled down to a sum of ``most`` after each letter."""
    if len(past) < n:
        return [1 / k] * k
    counts = [0.0] * k
    for context, letter in pairs_of(past, n):
        if context == past[len(past) - n :]:
            counts[letter] += 1
            if sum(counts) > most:
                counts = [count * most / sum(counts) for count in counts]
    return [(count + 0.5) / (sum(counts) + k / 2) for count in counts]


def padded(past, n, k):
    """Add-½ with n zeros before the first letter."""
    longer = (0,) * n + past
    every = [(c, x, 1.0) for c, x in pairs_of(longer, n)]
    return counted(every, longer[len(longer) - n :], k, 0.5)


def back_off(past, n, k, least):
    """Each context of 0 .. n letters blends with the next shorter one by its different letters."""
    p = [1 / k] * k
    for d in range(min(n, len(past)) + 1):
        seen = Counter(x for c, x in pairs_of(past, d) if c == past[len(past) - d :])
        if seen:
            q, total = len(seen), sum(seen.values())
            p = [(seen[x] + q * p[x]) / (total + q) for x in range(k)]
    return [(1 - k * least) * each + least for each in p]

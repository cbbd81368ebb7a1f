#!/usr/bin/env bash
# ctxchain 0.1.0: the posterior of a hierarchical Pitman-Yor model does not know how likely the letters
# are: after eight of eight, .76 where .85 is right.
#
# Packages: ctxchain 0.1.0, numpy 2.4.6.
#
# Expected: `HPYP` is "posterior sampling ... by Gibbs sampling over the table counts of the Chinese
# restaurant franchise". Given the customers, a number of tables t has a weight of S(n, t) times
# (theta + d)(theta + 2d) ... times the parent's probability of the letter to the power of t: tables
# of an unlikely letter are few.
#
# Happens: for each letter customers are seated as if no other were in the restaurant and the letter
# were certain: the draws know neither the parent nor the rest of the row, and each sweep is as the
# first. With a discount each table gives d customers away to the parent, and too many tables give
# away too much.
#
# Seen, abcabc..., contexts of one letter, probability of b after a; right by all numbers of tables:
#   discount, concentration, times seen      found     right
#   0,  1 (no effect here)    8              .926      .926
#   .5, 1 (default)           3              .639      .695
#   .5, 1                     8              .759      .851
#   .8, 5                     8              .445      .543
#
# Matters for: perplexities against other smoothing, and the intervals of the posterior.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ctxchain==0.1.0
venv/bin/python -W ignore - <<'PY'
from itertools import product
from math import exp, log

import ctxchain as cx
import numpy as np


def rising(start, step, times):
    """ln of start (start + step) (start + 2 step) ..., so many factors."""
    return sum(log(start + step * i) for i in range(times))


def seatings(top, discount):
    """The generalised Stirling numbers: ways in which n customers sit at t tables, weighed by sizes."""
    ways = np.zeros((top + 1, top + 1))
    ways[0, 0] = 1
    for n in range(top):
        for t in range(1, n + 2):
            ways[n + 1, t] = ways[n, t - 1] + (n - discount * t) * ways[n, t]
    return ways


def marginal(counts, base, discount, theta):
    """The probability of the data, context i followed counts[i] times by letter i alone, over all numbers of tables."""
    ways = seatings(max(counts), discount)
    below = [[(t, s) for t in range(1, n + 1) for s in range(1, t + 1)] for n in counts]
    total = 0.0
    for choice in product(*below):
        tables, upper = sum(t for t, _ in choice), sum(s for _, s in choice)
        weight = rising(theta + discount, discount, upper - 1) - rising(theta + 1, 1, tables - 1)
        for letter, (n, (t, s)) in enumerate(zip(counts, choice)):
            weight += log(ways[n, t] * ways[t, s]) + s * log(base[letter])
            weight += rising(theta + discount, discount, t - 1) - rising(theta + 1, 1, n - 1)
        total += exp(weight)
    return total


ways = seatings(9, 0.5)
assert np.isclose(sum(ways[9, t] * exp(rising(1.5, 0.5, t - 1) - rising(2, 1, 8)) for t in range(1, 10)), 1)
for discount, theta in ((0.0, 1.0), (0.5, 1.0), (0.8, 5.0)):
    for repeats in (3, 8):
        dataset, spec = cx.SequenceDataset.from_sequences([["a", "b", "c"] * repeats + ["a"]]), cx.VariableOrder(max_depth=1)
        counts = cx.accumulate(dataset, spec)
        model = cx.fit(counts, spec, estimator=cx.estimators.HPYP(n_samples=4000, n_burnin=0, discount=discount, concentration=theta, seed=0))
        base = np.asarray(model.default_row)
        assert np.allclose(base, 1 / 3) and all(sorted(counts.counts(key)) == [0, 0, repeats] for key in counts.contexts() if key)
        right = marginal([repeats + 1, repeats, repeats], base, discount, theta) / marginal([repeats] * 3, base, discount, theta)
        found = model.predict_next(["a"]).top(1)[0]
        print(f"discount {discount}, concentration {theta}, seen {repeats} times: {found[0]} after a, found {found[1]:.4f}, right {right:.4f}")
        assert found[0] == "b"
        if discount == 0:
            assert abs(found[1] - right) < 0.005
        elif repeats == 8:
            assert right > found[1] + 0.08
PY

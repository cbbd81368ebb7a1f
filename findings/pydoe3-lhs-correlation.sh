#!/usr/bin/env bash
# pyDOE3 1.6.2: the Latin hypercube that is to be the least correlated of several is often
# not the least correlated of them.
#
# Packages: pyDOE3 1.6.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `lhs(n, samples, criterion="correlation", iterations=k)` draws k designs and
# returns the one whose factors are "as uncorrelated as possible (within k iterations)":
# with the smallest largest correlation between two factors.
#
# Happens: the correlations of a factor with itself are left out by comparing them with 1,
# and NumPy often computes 0.9999999999999999 for one of them. Such a design counts as
# perfectly correlated and is passed over, whatever its factors are.
#
# Seen, 4 factors, 10 samples, 20 iterations, 200 seeds:
#   not the best of the 20: 138 times
#   mean largest correlation: 0.36 where 0.29 was drawn
#   the very first of the 20: 38 times (one in 20 would be 10)
# How often depends a little on the processor.
#
# Matters for: designs of experiments and sweeps that rely on the factors being nearly
# uncorrelated. The other criteria are not touched by it. scikit-optimize 0.10.2 has the
# same comparison in its own Latin hypercube (read, not run).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyDOE3==1.6.2 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from pyDOE3 import lhs

FACTORS, SAMPLES, ITERATIONS, SEEDS = 4, 10, 20, 200


def largest(design):
    correlations = np.corrcoef(design.T)
    return np.abs(correlations[np.triu_indices(FACTORS, 1)]).max()


chosen, best, first = [], [], []
for seed in range(SEEDS):
    rng = np.random.default_rng(seed)
    drawn = [lhs(FACTORS, samples=SAMPLES, seed=rng) for _ in range(ITERATIONS)]
    design = lhs(FACTORS, samples=SAMPLES, criterion="correlation", iterations=ITERATIONS, seed=seed)
    assert any(np.array_equal(design, other) for other in drawn), "it is one of those drawn"
    chosen.append(largest(design))
    best.append(min(map(largest, drawn)))
    first.append(np.array_equal(design, drawn[0]))
worse = sum(c > b + 1e-12 for c, b in zip(chosen, best))
print(f"not the best of the {ITERATIONS}: {worse} of {SEEDS} times")
print(f"mean largest correlation: {np.mean(chosen):.2f} where {np.mean(best):.2f} was drawn")
print(f"the very first: {sum(first)} times")
assert worse > 60 and np.mean(chosen) > np.mean(best) + 0.03
PY

#!/usr/bin/env bash
# fastchange 1.0.2: with the modified information criterion no change of a Poisson rate is found.
#
# Packages: fastchange 1.0.2, numpy 2.3.5, numba 0.62.1.
#
# Expected: `penalty=mbic_penalty` adds ln of the length of each segment to its cost, as in Zhang and Siegmund (2007),
# for every kind of cost.
#
# Happens: the Poisson cost adds ln(end - end) where the others have ln(end - start), which is minus infinity for every
# segment. All segmentations cost the same and nothing is found, without a warning.
#
# Seen, 20 counts of rate 3 and 20 of the second rate, PELT:
#   second rate                            6      12     100
#   exact with the criterion               [20]   [20]   [20]
#   package with `mbic_penalty`            []     []     []
#   package with the same number           [20]   [20]   [20]   (without the lengths)
#   package, exponential cost, as in the
#   third column, with `mbic_penalty`                    [20]
#
# Matters for: counts of events; the criterion is what the R package takes unless told otherwise.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.3.5 numba==0.62.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps fastchange==1.0.2
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version
from math import log

import numpy as np
from fastchange.costs.exp import ExponentialMeanVarCost
from fastchange.costs.poisson import PoissonMeanVarCost
from fastchange.penalties import mbic_penalty
from fastchange.seg.pelt import PeltSeg

print("fastchange", version("fastchange"), "numpy", np.__version__, "numba", version("numba"))


def cost(counts):
    """Twice the negative log-likelihood, less what depends on no rate, and ln of the length."""
    return 2 * counts.sum() * log(len(counts) / counts.sum()) + log(len(counts)) if counts.sum() else log(len(counts))


def exact(counts):
    penalty = mbic_penalty(len(counts), 1)
    best = [(-penalty, [])]
    for end in range(1, len(counts) + 1):
        best.append(min((best[start][0] + cost(counts[start:end]) + penalty, best[start][1] + ([start] if start else []))
                        for start in range(end)))
    return best[-1][1]


def found(counts, kind, penalty):
    return [int(at) for at in PeltSeg(kind(), penalty=penalty).fit(counts).predict()]


rng = np.random.default_rng(3)
for rate in (6, 12, 100):
    counts = np.concatenate([rng.poisson(3, 20), rng.poisson(rate, 20)]).astype(float)
    right = exact(counts)
    package = found(counts, PoissonMeanVarCost, mbic_penalty)
    plain = found(counts, PoissonMeanVarCost, mbic_penalty(40, 1))
    print(f"rate {rate}: exact {right} package {package} with the same number {plain}")
    assert any(abs(at - 20) <= 2 for at in right) and package == []
    if rate > 6:
        assert right == plain == [20]
other = found(counts + 1, ExponentialMeanVarCost, mbic_penalty)
print("exponential cost:", other)
assert other == [20]
PY

#!/usr/bin/env bash
# contop 0.5.0: the test of two series by a classifier counts every window five times: 9 % false alarms at .01.
#
# Packages: contop 0.5.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, statsmodels 0.14.6, pandas 2.3.3,
# numba 0.65.1.
#
# Expected: `testingReservoirComputing(TS, TS_null)` tells windows of two series apart with a classifier, in ten-fold
# cross-validation, and returns the p-value of its hits. "Results below a significance threshold (e.g. 0.01) indicate
# that the time series are different." Two pieces of the same noise should be below .01 once in a hundred times.
#
# Happens: each window is predicted once, but the binomial test is told of five times as many trials, with the same
# share of hits. The share's spread is taken for less than half of what it is.
#
# Seen, two series of 150 independent normal numbers, 100 pairs, nearest neighbours as classifier
#   p-value                         below .01   below .05
#   package                         .09         .15
#   hits out of as many windows     .00         .03
# Hits at 155 of 292 windows, 53 %: the probability of that many or more is .160; returned is .0099.
#
# Matters for: whoever reads these p-values: equal processes are found to differ.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 \
    statsmodels==0.14.6 pandas==2.3.3 numba==0.65.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps contop==0.5.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version
from math import comb

import numpy as np
from contop import testingReservoirComputing

LENGTH, SIZE, PAIRS = 150, 4, 100
WINDOWS = 2 * (LENGTH - SIZE)
print("contop", version("contop"), "numpy", np.__version__)


def at_least(hits, trials):
    """Probability of that many hits or more when each is a toss of a coin."""
    return sum(comb(trials, k) for k in range(hits, trials + 1)) / 2**trials


rng = np.random.default_rng(0)
np.random.seed(0)
found, counted = [], []
for _ in range(PAIRS):
    first, second = rng.standard_normal((2, LENGTH))
    _, p, share = testingReservoirComputing(first, second, numPatterns=20, embDim=SIZE, model="knn")
    assert np.isclose(p, at_least(int(5 * WINDOWS * share), 5 * WINDOWS))
    found.append(p)
    counted.append(at_least(int(WINDOWS * share + 0.5), WINDOWS))
for name, values in (("package", found), (f"out of {WINDOWS} windows", counted)):
    print(f"{name}: below .01 {np.mean(np.array(values) < 0.01):.3f}, below .05 {np.mean(np.array(values) < 0.05):.3f}")
hits = round(0.53 * WINDOWS)
print(f"{hits} of {WINDOWS}: {at_least(hits, WINDOWS):.3f}; five times both: {at_least(5 * hits, 5 * WINDOWS):.4f}")
assert np.mean(np.array(found) < 0.01) > 0.05 > 0.04 > np.mean(np.array(counted) < 0.01)
assert np.all(np.array(found)[np.array(counted) < 0.4] < np.array(counted)[np.array(counted) < 0.4])
PY

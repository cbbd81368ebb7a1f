#!/usr/bin/env bash
# dyncusum 1.0.0: each test sets NumPy's random seed to 42: of 300 simulated series 299 are one and the same.
#
# Packages: dyncusum 1.0.0, numpy 2.4.6, scipy 1.17.1, matplotlib 3.10.8, tabulate 0.9.0.
#
# Expected: `dynamic_cusum_test(y, X, y_lagged)` looks at data. That its p-value is simulated, the same at each call,
# need not touch what the caller draws: how often it rejects in simulated series is its size or its power.
#
# Happens: the p-value is simulated after `np.random.seed(42)`, on the generator that all of NumPy's functions share.
# A series that is drawn after a test, in the way of the package's own example, is the one drawn after any other test.
#
# Seen, 300 series of 100 steps, y_t = .5 y_(t-1) + u_t, without a change
#   drawn with                  different series   different statistics   rejected at .1 from the second on
#   np.random.normal              2                  2                    0
#   a generator of one's own    300                300                    .11
# The next numbers after a test are .934, .503, 2.306, whatever seed was set before it.
# `dufour_test` does the same. The package's own power studies seed each series anew and are not hit.
#
# Matters for: whoever simulates size or power, or draws anything after a test: shares of rejections are all or none.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.10.8 tabulate==0.9.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dyncusum==1.0.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from dyncusum import dufour_test, dynamic_cusum_test

SERIES, STEPS = 300, 100
print("dyncusum", version("dyncusum"), "numpy", np.__version__)


def series(normal):
    """The example of the documentation: an autoregression, and a constant."""
    shocks, y = normal(0, 1, STEPS), np.zeros(STEPS)
    for t in range(1, STEPS):
        y[t] = 0.5 * y[t - 1] + shocks[t]
    return y


def study(test, normal, level=0.1):
    drawn, results = [], []
    for _ in range(SERIES):
        y = series(normal)
        drawn.append(y)
        results.append(test(y[1:], np.ones((STEPS - 1, 1)), y[:-1], significance_level=level, n_simulations=100))
    rejected = np.array([result.reject_null for result in results])
    return len(np.unique(drawn, axis=0)), len(np.unique([r.statistic for r in results])), rejected[1:].mean()


for name, test in (("dynamic", dynamic_cusum_test), ("Dufour", dufour_test)):
    np.random.seed(0)
    shared = study(test, np.random.normal)
    own = study(test, np.random.default_rng(0).normal)
    for kind, (drawn, statistics, rejected) in (("NumPy's functions", shared), ("a generator of one's own", own)):
        print(f"{name}, {kind}: {drawn} different series, {statistics} statistics, {rejected:.2f} rejected at .1")
    assert shared[:2] == (2, 2) and shared[2] in (0, 1)
    assert own[:2] == (SERIES, SERIES) and 0.01 < own[2] < 0.2

after = []
for seed in (0, 1):
    np.random.seed(seed)
    dynamic_cusum_test(series(np.random.normal)[1:], np.ones((STEPS - 1, 1)), n_simulations=100)
    after.append(np.random.normal(size=3))
    print(f"seed {seed}: numbers after a test", *np.round(after[-1], 3))
assert np.array_equal(*after)
PY

#!/usr/bin/env bash
# pssm 0.1.0: the observation variance is used as a standard deviation when a series is drawn: 9 becomes 81.
#
# Packages: pssm 0.1.0, numpy 1.26.4.
#
# Expected: `NormalDLM(structure, V)` draws from the dynamic linear model with observation variance V, the V of
# `KalmanFilter(structure, V)` and of `FFBS.run(V, W)`; the variance of the states, W, is used as one.
#
# Happens: V is passed as the `scale` of a normal number. The variance of what is drawn is V^2, too large above 1
# and too small below, and right for V = 1.
#
# Seen, 5,000 observations of a state at 0:
#   V       variance drawn
#   9       78.6
#   1        0.98
#   0.04     0.0016
# The package's own filter with that V, on 2,000 steps of a local level with W = 1: mean square of its standardised
# errors 7.5 for V = 9 (1 if both agree).
# (`numpy.asscalar`, which the package calls and numpy 1.23 has taken out, is put back by the script.)
#
# Matters for: whoever draws a series to see whether the filter or a fit finds its variances again.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation pssm==0.1.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np

np.asscalar = lambda number: np.asarray(number).item()
from pssm.dglm import NormalDLM
from pssm.filters import KalmanFilter
from pssm.structure import UnivariateStructure

print("pssm", version("pssm"), "numpy", np.__version__)
np.random.seed(0)
for variance in (9.0, 1.0, 0.04):
    model = NormalDLM(UnivariateStructure.locally_constant(1.0), V=variance)
    drawn = np.var([model.observation(np.zeros(1)) for _ in range(5000)])
    print(f"V {variance} variance drawn {drawn:.4f}, squared V {variance**2:.4f}")
    assert abs(drawn / variance**2 - 1) < 0.1

structure = UnivariateStructure.locally_constant(1.0)
model, kalman = NormalDLM(structure, V=9.0, state_prior=np.zeros(1)), KalmanFilter(structure, V=9.0)
mean, spread, squares = np.zeros(1), np.matrix([[0.0]]), []
for _ in range(2000):
    _, y = model.next()
    squares.append((y - mean.item()) ** 2 / (spread.item() + 1.0 + 9.0))
    mean, spread = kalman.filter(y, mean, spread)
print(f"mean squared standardised error {np.mean(squares):.2f}")
assert np.mean(squares) > 4
PY

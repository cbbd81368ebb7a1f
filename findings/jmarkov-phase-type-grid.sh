#!/usr/bin/env bash
# jmarkov 0.3.13: the distribution function of a phase-type distribution is another one on a grid
# than at single points.
#
# Packages: jmarkov 0.3.13, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `cdf(t, stop, step)` gives at t, t + step, ... what `cdf` gives at each of them, one
# less alpha exp(T t) 1.
#
# Happens: to come from one point to the next the matrix exponential is multiplied with that of
# the step entry by entry instead of as a matrix. The first point is right; from the second on
# all that goes from one phase to another is lost, or counted in other phases.
#
# Seen, at 0, .5, 1, 1.5, 2, 2.5:
#   Erlang of two phases, rate 2       right 0 .264 .594 .801 .908 .960
#                                      grid  0 .632 .865 .950 .982 .993
#   two phases, mean 1, exponential    right 0 .393 .632 .777 .865 .918
#                                      grid  0 .564 .807 .914 .961 .982
#
# Matters for: plots, quantiles and tests of fit of waiting times, which take a grid.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps jmarkov==0.3.13
venv/bin/python - <<'PY'
import numpy as np
from jmarkov.phase.ctph import ctph

TIMES = np.arange(0, 3, 0.5)
cases = {
    "Erlang": (ctph(np.array([1.0, 0.0]), np.array([[-2.0, 2.0], [0.0, -2.0]])), 1 - np.exp(-2 * TIMES) * (1 + 2 * TIMES)),
    "exponential": (ctph(np.array([0.6, 0.4]), np.array([[-2.0, 1.0], [0.5, -1.5]])), 1 - np.exp(-TIMES)),
    "one phase": (ctph(np.array([1.0]), np.array([[-1.0]])), 1 - np.exp(-TIMES)),
}
for name, (distribution, right) in cases.items():
    points = np.array([float(distribution.cdf(t)) for t in TIMES])
    grid = distribution.cdf(0.0, 3.0, 0.5)
    print(f"{name:12} right {right.round(3)}  points {points.round(3)}  grid {grid.round(3)}")
    assert np.allclose(points, right)
    assert np.allclose(grid, right) if name == "one phase" else grid[0] == 0 and (grid[1:] > right[1:] + 0.03).all()
PY

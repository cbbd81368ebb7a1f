#!/usr/bin/env bash
# pssm 0.1.0: backward sampling leaves the transition out: it is right for random walks only.
#
# Packages: pssm 0.1.0, numpy 1.26.4.
#
# Expected: `FFBS` is forward filtering, backward sampling, for any structure of the package (locally constant,
# locally linear, autoregressive, seasonal). Given the next state, a state has the mean m + C G' R^-1 (next - G m)
# and the covariance C - C G' R^-1 G C, with R = G C G' + W.
#
# Happens: the step has no G. It takes m + C (C + W)^-1 (next - m), as if every state were a random walk.
#
# Seen:
#   a state with G = .5, m = 1, C = 2, W = 1, next state 3      exact     pssm
#     mean                                                       2.667     2.318
#     variance                                                   1.333     0.650
#   a local linear trend, 6 numbers that rise by 2 a step, mean of the first state drawn, over 1,000 draws
#     level                                                      2.04      8.65
#     slope                                                      1.97      3.29
#
# Matters for: every structure but the locally constant one.
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
from pssm.filters import KalmanFilter
from pssm.mc import FFBS
from pssm.structure import UnivariateStructure

print("pssm", version("pssm"), "numpy", np.__version__)
np.random.seed(0)


def given(first, both, cross, at, following):
    """Mean and variance of one Gaussian number given another."""
    return at + cross / both * following, first - cross**2 / both


step = UnivariateStructure.arma(1, np.array([0.5]), 1.0)
drawn = np.array([FFBS.backward_sampling_step(np.array([3.0]), np.array([1.0]), np.matrix([[2.0]]), step.W) for _ in range(10000)])
mean, variance = given(2.0, 0.25 * 2 + 1, 0.5 * 2, 1.0, 3.0 - 0.5)
print(f"one step: exact {mean:.3f} {variance:.3f} package {drawn.mean():.3f} {drawn.var():.3f}")
assert abs(drawn.mean() - (1 + 2 / 3 * 2)) < 0.02 and abs(drawn.var() - 2 / 3) < 0.02
assert mean - drawn.mean() > 0.3 and variance - drawn.var() > 0.6

# A local linear trend from the state m0 with covariance C0, steps 1 to 6; all states and numbers are one Gaussian.
steps, noise = 6, 1.0
wander = np.diag([0.1, 0.1])
structure = UnivariateStructure.locally_linear(np.matrix(wander))
turn, look = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 0.0])
seen = 2.0 * np.arange(1, steps + 1)
spread = [10 * np.eye(2)]
for _ in range(steps):
    spread.append(turn @ spread[-1] @ turn.T + wander)
blocks = np.zeros((steps, steps, 2, 2))
for i in range(steps):
    for j in range(steps):
        early, late = min(i, j), max(i, j)
        block = np.linalg.matrix_power(turn, late - early) @ spread[early + 1]
        blocks[i, j] = block if i >= j else block.T
numbers = np.einsum("a,ijab,b->ij", look, blocks, look) + noise * np.eye(steps)
cross = np.einsum("jab,b->aj", blocks[0], look)
exact = cross @ np.linalg.solve(numbers, seen)

kalman = KalmanFilter(structure, noise)
means, spreads = [np.zeros(2)], [np.matrix(10 * np.eye(2))]
for y in seen:
    mean, covariance = kalman.filter(y, means[-1], spreads[-1])
    means.append(mean)
    spreads.append(covariance)
first = np.mean([FFBS.backward_sampling(means, spreads, structure.W)[0] for _ in range(1000)], axis=0)
print("first state: exact", exact.round(2), "package", first.round(2))
assert abs(first[0] - exact[0]) > 3
PY

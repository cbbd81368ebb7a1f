#!/usr/bin/env bash
# pssm 0.1.0: Gibbs sampling draws variances with the rate for a scale: with a right
# observation variance of 3.6 it draws 0.0000036.
#
# Packages: pssm 0.1.0, numpy 1.26.4, scipy 1.11.4.
#
# Expected: `FFBS.run` draws states by forward filtering and backward sampling, and then the variances given
# those states: with an inverse gamma prior of shape a and rate b, from one of shape a + n / 2 and rate
# b + half of the sum of squares. Repeated, that is a sampler of the posterior.
#
# Happens: one over a gamma number of that shape is right if the number's scale is one over that rate. The
# rate itself is passed as the scale, so the draw is divided by the rate where it should be multiplied. The
# more observations or noise, the smaller the variance.
#
# Seen, a local level of 500 steps, V = 4, W = 1, priors of .01, mean of 200 draws from the true variances:
#                                        right, from the same states    pssm
#   observation variance V               3.61                           0.0000036
#   state variance W                     0.99                           0.000016
# and after 50 rounds from the true variances V is 0.0000036 and W 0.0000069.
# (`numpy.asscalar`, which the package calls and numpy 1.23 has taken out, is put back by the script.)
#
# Matters for: every fit; the package has no other way to learn variances.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.11.4 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation pssm==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np

np.asscalar = lambda array: np.asarray(array).item()
from pssm.mc import FFBS
from pssm.structure import UnivariateStructure

STEPS, NOISE, STEP, PRIOR = 500, 4.0, 1.0, 0.01

draw = np.random.default_rng(0)
data = np.cumsum(draw.normal(0, STEP**0.5, STEPS)) + draw.normal(0, NOISE**0.5, STEPS)
np.random.seed(0)
sampler = FFBS(UnivariateStructure.locally_constant(STEP), np.array([0.0]), np.matrix([[100.0]]), PRIOR, [PRIOR], data)


def variances(states, count):
    """Draws of V and W given the states of the steps 1 to n, as the formula says."""
    states, seen = np.ravel(states), data[-len(np.ravel(states)) :]
    squares = ((seen - states) ** 2).sum(), (np.diff(states) ** 2).sum()
    return [(PRIOR + square / 2) / draw.gamma(PRIOR + count / 2) for square, count in zip(squares, (count, count - 1))]


found, right = [], []
for _ in range(200):
    step, noise, states = sampler.run(NOISE, np.matrix([[STEP]]), states=True)
    found.append((float(noise), float(step[0, 0])))
    right.append(variances(states, len(states)))
found, right = np.mean(found, axis=0), np.mean(right, axis=0)
step, noise = np.matrix([[STEP]]), NOISE
for _ in range(50):
    step, noise = sampler.run(float(noise), np.matrix(step))
print(f"V: right {right[0]:.2f}, package {found[0]:.2g}; W: right {right[1]:.2f}, package {found[1]:.2g}")
print(f"after 50 rounds: V {float(noise):.2g}, W {float(step[0, 0]):.2g}")
assert abs(right[0] - NOISE) < 0.6 and abs(right[1] - STEP) < 0.4
assert found[0] < 1e-3 and found[1] < 1e-2
PY

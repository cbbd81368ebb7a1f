#!/usr/bin/env bash
# bayesfilter 0.2.0: an unscented update compares the observation with the function of the mean
# instead of the mean of the function: what is seen exactly as predicted moves the state.
#
# Packages: bayesfilter 0.2.0, numpy 2.4.6.
#
# Expected: with `use_jacobian=False` mean and covariance of the observation are from the
# unscented transform. The gain times the observation less its mean is the correction; for a
# normal state x and the observation x^2 + noise the mean is m^2 + P, and the transform has it
# exactly. `Observation.predict` returns it.
#
# Happens: gain and covariance are those of the transform. The residual is the observation less
# the function at the mean, m^2, as in the extended filter. Every correction is off by the gain
# times P, in the same direction, and the covariance does not know of it.
#
# Seen, x normal with mean 1 and variance 1, noise of variance .1:
#   observation        2 (its mean)     1         5
#   right              1.0000           .6721     1.9836
#   bayesfilter        1.3279           1.0000    2.3115
# A state that stays, mean 3 and variance 4, 20,000 draws of it and of one observation of x^2:
#   mean error, right -.01   bayesfilter .54
#
# Matters for: ranges, bearings, any curved observation: the unscented mode is for these.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bayesfilter==0.2.0
venv/bin/python - <<'PY'
import numpy as np
from bayesfilter.distributions import Gaussian
from bayesfilter.filtering import BayesianFilter
from bayesfilter.model import StateTransitionModel
from bayesfilter.observation import Observation

NOISE = 0.1


def normal(mean, variance):
    return Gaussian(np.array([mean]), np.array([[variance]]))


def observed(value):
    return Observation(np.array([value]), np.array([[NOISE]]), lambda state: state**2)


def package(mean, variance, value):
    stays = StateTransitionModel(lambda state, step: state, np.zeros((1, 1)))
    after = BayesianFilter(stays, normal(mean, variance)).update(observed(value), normal(mean, variance), use_jacobian=False)
    return after.mean()[0], after.covariance()[0, 0]


def right(mean, variance, value):
    """The best linear estimate: moments of x and x^2 of a normal x."""
    spread = 4 * mean**2 * variance + 2 * variance**2 + NOISE
    gain = 2 * mean * variance / spread
    return mean + gain * (value - mean**2 - variance), variance - gain**2 * spread


predicted = observed(0.0).predict(normal(1.0, 1.0)).observation[0]
print(f"predicted observation {predicted:.6f}, right {1.0**2 + 1.0}")
assert abs(predicted - 2) < 1e-6
for value in (2.0, 1.0, 5.0):
    found, expected = package(1.0, 1.0, value), right(1.0, 1.0, value)
    print(f"observation {value}: mean {found[0]:.4f} right {expected[0]:.4f}, variance {found[1]:.4f} right {expected[1]:.4f}")
    assert abs(found[1] - expected[1]) < 1e-5 and found[0] - expected[0] > 0.3

rng = np.random.default_rng(0)
states = rng.normal(3, 2, 20_000)
values = states**2 + rng.normal(0, NOISE**0.5, len(states))
low, high = (package(3.0, 4.0, value)[0] for value in (0.0, 1.0))  # an update is linear in the observation
found = np.mean(low + (high - low) * values - states)
expected = np.mean([right(3.0, 4.0, value)[0] for value in values] - states)
print(f"mean error: bayesfilter {found:.3f}, right {expected:.3f}")
assert found > 0.5 and abs(expected) < 0.05
PY

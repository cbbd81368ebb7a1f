#!/usr/bin/env bash
# viking-kalman 0.1.0: the smoother smooths predictions: each state lacks the observation
# of its own time, and the last observation changes nothing.
#
# Packages: viking-kalman 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib
# 3.9.4.
#
# Expected: `kalman_smoothing` returns mean and covariance of each state given all
# observations. The model is linear and Gaussian, so that both are those of a joint
# normal distribution.
#
# Happens: in the forward pass the covariance is stored after the update with the
# observation and the state before it. The backward pass treats both as filtered. The
# covariances are right, and belong to other states than those returned.
#
# Seen, a random walk (first variance 2, steps 0.5, noise 1), observations 1 2 0 3 10:
#   joint normal   1.348 1.859 2.300 3.891 5.927   variances .401 .353 .348 .376 .501
#   smoother       0.576 1.007 1.324 1.264 1.845   variances .401 .353 .348 .376 .501
#   last is -50    0.576 1.007 1.324 1.264 1.845
#
# Matters for: smoothed coefficients over time; the last one, which a forecast goes on
# from, is the prediction of the step before. The smoother inside
# `expectation_maximization` keeps the two together.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.9.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps viking-kalman==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from viking_kalman.kalman_smoothing import kalman_smoothing

FIRST, STEP, NOISE = 2.0, 0.5, 1.0
observations = np.array([1.0, 2.0, 0.0, 3.0, 10.0])
steps = np.arange(len(observations))
prior = FIRST + STEP * np.minimum.outer(steps, steps)  # covariance of the states of a walk
gain = prior @ np.linalg.inv(prior + NOISE * np.eye(len(steps)))
means, variances = gain @ observations, np.diag(prior - gain @ prior)


def smoothed(y):
    ones = np.ones((len(y), 1))
    found = kalman_smoothing(ones, y, np.zeros(1), np.array([[FIRST]]), np.array([[STEP]]), NOISE**0.5)
    return found["theta_arr"].ravel(), found["P_arr"].ravel()


found, spread = smoothed(observations)
other, _ = smoothed(np.append(observations[:-1], -50.0))
for name, mean, variance in (("joint normal", means, variances), ("smoother", found, spread), ("last is -50", other, spread)):
    print(f"{name:13}", *(f"{m:.3f}" for m in mean), "  variances", *(f"{v:.3f}" for v in variance))
assert np.allclose(spread, variances), "the covariances are right"
assert np.allclose(found, other), "the last observation counts"
assert np.abs(found - means).max() > 4
PY

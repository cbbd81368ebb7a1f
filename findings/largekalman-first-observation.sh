#!/usr/bin/env bash
# largekalman 0.3.0: the first observation is taken for exact and what it does not show for 0,
# both with variance 0.
#
# Packages: largekalman 0.3.0, numpy 2.4.6.
#
# Expected: `smooth` runs a Kalman filter and a Rauch-Tung-Striebel smoother with observation
# noise R. No prior can be given; without knowledge of the start the first state has at least
# the noise of an observation, and components that are not observed are open until later ones
# tell.
#
# Happens: the filter starts at H^T (H H^T)^-1 y with a covariance of 0, whatever R is. A
# velocity is 0 with certainty. The smoother cannot move what has no variance.
#
# Seen, position and velocity, 50 steps of velocity 3, observations with a deviation of 5:
#                           right, start unknown   largekalman
#   first position          -1.23 +- 1.64           0.63 +- 0.00  (the observation itself)
#   first velocity           3.02 +- 0.13           0.00 +- 0.00
#   velocity in step 10      3.03 +- 0.09           2.45 +- 0.06
#   velocity in step 49      3.23 +- 0.13           3.91 +- 0.13
#
# Matters for: tracks, trends, and parameters from `em`, whose first states are part of the
# sums.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps largekalman==0.3.0
venv/bin/python - <<'PY'
import ctypes
from unittest.mock import MagicMock

import numpy as np

ctypes.CDLL = MagicMock()  # the compiled part for data on disk, which the wheel lacks; in memory it is not used
import largekalman

STEPS, VELOCITY, NOISE = 50, 3.0, 5.0
F, Q = np.array([[1.0, 1.0], [0.0, 1.0]]), np.diag([1e-3, 1e-3])
H, R = np.array([[1.0, 0.0]]), np.array([[NOISE**2]])
rng = np.random.default_rng(0)
observed = VELOCITY * np.arange(STEPS) + NOISE * rng.normal(size=STEPS)


def posterior():
    """Means and covariances of all states at once, with no knowledge of the first one."""
    information, linear = np.zeros((2 * STEPS, 2 * STEPS)), np.zeros(2 * STEPS)
    for t in range(STEPS):
        now = slice(2 * t, 2 * t + 2)
        information[now, now] += H.T @ np.linalg.inv(R) @ H
        linear[now] += (H.T @ np.linalg.inv(R)).ravel() * observed[t]
        if t:
            step = np.hstack([-F, np.eye(2)])
            both = slice(2 * t - 2, 2 * t + 2)
            information[both, both] += step.T @ np.linalg.inv(Q) @ step
    covariance = np.linalg.inv(information)
    return (covariance @ linear).reshape(STEPS, 2), covariance.reshape(STEPS, 2, STEPS, 2)


means, covariances = posterior()
smoothed, _ = largekalman.smooth(None, F, Q, H, R, iter(observed[:, None]))
found = [(np.array(mean), np.array(covariance)) for mean, covariance, _ in smoothed]
for name, t, i in (("first position", 0, 0), ("first velocity", 0, 1), ("velocity in step 10", 10, 1), ("velocity in step 49", 49, 1)):
    right, spread = means[t, i], np.sqrt(covariances[t, i, t, i])
    print(f"{name:20} right {right:5.2f} +- {spread:.2f}  largekalman {found[t][0][i]:5.2f} +- {np.sqrt(found[t][1][i, i]):.2f}")
assert found[0][0][0] == observed[0] and found[0][0][1] == 0 and not found[0][1].any()
assert abs(means[0, 1] - VELOCITY) < 3 * np.sqrt(covariances[0, 1, 0, 1])
assert abs(found[10][0][1] - VELOCITY) > 5 * np.sqrt(found[10][1][1, 1])
PY

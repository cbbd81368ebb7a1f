#!/usr/bin/env bash
# simdkalman 1.0.4: the log-likelihood lacks log(2 pi)/2 for each observed number, and
# a vector with one missing part counts as missing altogether.
#
# Packages: simdkalman 1.0.4, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `compute(..., log_likelihood=True)` is documented to return the
# log-likelihood of the series. By the model's formulas that is the logarithm of a
# multivariate normal density. A NaN marks a missing value; in a vector of two numbers
# the other one was seen.
#
# Happens: the constant of the normal density is left out at every step: the answer is
# too high by 0.919 nats for each number that was seen. Within one series without gaps
# it is a constant; between series of different length, between gaps in different
# places and between numbers of sensors it is not. A vector with one NaN changes
# neither state nor likelihood.
#
# Seen:
#   8 steps:               package -1.4238, density -8.7753, apart 8 x 0.9189
#   8 steps, 1 missing:    apart 7 x 0.9189
#   two sensors, 1 number missing: filtered states as with both missing, 0.0576 off
#
# Matters for: bits per symbol, AIC across data, comparing with statsmodels or dynamax;
# sensors that report at different times.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check simdkalman==1.0.4 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
import simdkalman
from scipy.stats import multivariate_normal

MOVE, NOISE = np.array([[1, 0.5], [0, 0.9]]), np.diag([0.1, 0.2])
MEAN, SPREAD = np.array([0.2, -0.1]), np.eye(2) * 0.7
rng = np.random.default_rng(0)


def states(steps):
    """Mean and covariance of all states together, (steps * 2)."""
    mean, spread, means, joint = MEAN, SPREAD, [], np.zeros((2 * steps, 2 * steps))
    for t in range(steps):
        means.append(mean)
        block = spread
        for later in range(t, steps):
            joint[2 * later : 2 * later + 2, 2 * t : 2 * t + 2] = block
            joint[2 * t : 2 * t + 2, 2 * later : 2 * later + 2] = block.T
            block = MOVE @ block
        mean, spread = MOVE @ mean, MOVE @ spread @ MOVE.T + NOISE
    return np.concatenate(means), joint


def density(seen, view, noise):
    """Log density of the numbers that are not NaN, and the mean of the last state given them."""
    steps = len(seen)
    mean, joint = states(steps)
    look = np.kron(np.eye(steps), view)[~np.isnan(seen.ravel())]
    there = seen.ravel()[~np.isnan(seen.ravel())]
    spread = look @ joint @ look.T + noise * np.eye(len(there))
    last = mean[-2:] + joint[-2:] @ look.T @ np.linalg.solve(spread, there - look @ mean)
    return multivariate_normal(look @ mean, spread).logpdf(there), last


def package(seen, view, noise):
    model = simdkalman.KalmanFilter(MOVE, NOISE, view, noise * np.eye(len(view)))
    answer = model.compute(seen[None], 0, MEAN, SPREAD, filtered=True, log_likelihood=True)
    return answer.log_likelihood.item(), answer.filtered.states.mean[0, -1]


half = np.log(2 * np.pi) / 2
one, series = np.array([[1.0, 0.0]]), rng.normal(size=(8, 1))
for missing, count in ((None, 8), (3, 7)):
    if missing is not None:
        series[missing] = np.nan
    (found, state), (right, last) = package(series, one, 0.3), density(series, one, 0.3)
    print(f"{count} numbers: package {found:.4f}, density {right:.4f}, apart {count} x {(found - right) / count:.4f}")
    assert np.allclose(state, last) and abs(found - right - count * half) < 1e-9

pair = rng.normal(size=(4, 2))
pair[2, 0] = np.nan
neither = pair.copy()
neither[2] = np.nan
(_, state), (_, without), (_, last) = package(pair, np.eye(2), 0.3), package(neither, np.eye(2), 0.3), density(pair, np.eye(2), 0.3)
print(f"one of two numbers missing: {np.abs(state - without).max():.4f} from both missing, {np.abs(state - last).max():.4f} from right")
assert (state == without).all() and np.abs(state - last).max() > 0.01
PY

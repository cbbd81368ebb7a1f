#!/usr/bin/env bash
# tfilterspy 1.0.6: without stored covariances a forecast is as sure as the state at the start: after 500
# observations its deviation is 31.6 where .61 is right.
#
# Packages: tfilterspy 1.0.6, numpy 2.4.6, scipy 1.17.1, dask 2026.8.0.
#
# Expected: `KalmanFilter(.., store_covariances=False)` is "to save memory on very long time series
# (disables smooth())". `forecast` returns means and covariances of future states, from the last
# filtered one.
#
# Happens: the last filtered covariance has not been kept, and `forecast` takes P0 in its place. The means
# are right.
#
# Seen, a random walk of variance .1 observed with variance 1, 500 times, deviation one step ahead:
#   P0              1000      1         .000001
#   right           .608      .608      .608
#   stored          .608      .608      .608
#   not stored      31.624    1.049     .316
#
# Matters for: intervals of long series: too wide from a vague start, and too narrow from a known one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 dask==2026.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps tfilterspy==1.0.6
venv/bin/python -W ignore - <<'PY'
import numpy as np
from tfilterspy import KalmanFilter

STEP, SEEN, LENGTH, AHEAD = 0.1, 1.0, 500, 3
walk = np.cumsum(np.random.default_rng(0).normal(0, STEP**0.5, LENGTH))
observed = walk + np.random.default_rng(1).normal(0, SEEN**0.5, LENGTH)


def last_variance(start):
    """Variance of the state after all observations, by sums of precisions."""
    variance = start
    for _ in range(LENGTH):
        variance = 1 / (1 / (variance + STEP) + 1 / SEEN)
    return variance


for start in (1000.0, 1.0, 1e-6):
    right = np.sqrt(last_variance(start) + STEP * np.arange(1, AHEAD + 1))
    found, means = {}, {}
    for stored in (True, False):
        model = KalmanFilter(np.eye(1), np.eye(1), STEP * np.eye(1), SEEN * np.eye(1), np.zeros(1), start * np.eye(1), store_covariances=stored)
        mean, covariance = model.fit(observed).forecast(AHEAD)
        found[stored], means[stored] = np.sqrt(covariance[:, 0, 0]), mean
    print(f"P0 {start:g}: right {right.round(3)}, stored {found[True].round(3)}, not stored {found[False].round(3)}")
    assert np.allclose(found[True], right) and np.array_equal(means[True], means[False])
    assert np.allclose(found[False], np.sqrt(start + STEP * np.arange(1, AHEAD + 1)))
PY

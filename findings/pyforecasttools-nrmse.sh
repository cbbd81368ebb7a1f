#!/usr/bin/env bash
# PyForecastTools 1.1.1: the normalised root mean squared error has no root: a forecast that is 10 % too
# high everywhere has an error of 0.01.
#
# Packages: PyForecastTools 1.1.1, numpy 2.4.6, matplotlib 3.9.4, python-dateutil 2.9.0.post0.
#
# Expected: `nRMSE(predicted, observed)` is "the normalized root-mean-squared-error", of Yu and Ridley: the
# root of the sum of squared errors over the sum of squared observations. Errors that are twice as large
# have twice the error, and it is RMSE over the root mean square of what is observed.
#
# Happens: the quotient of the two sums is returned, the square of it.
#
# Seen, forecasts that are too high by
#             10 %     20 %     50 %     100 %    200 %
#   right     .10      .20      .50      1        2
#   found     .01      .04      .25      1        4
#
# Matters for: comparisons with published errors, which are of the root: good models look ten times as good,
# bad ones worse than they are.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 matplotlib==3.9.4 python-dateutil==2.9.0.post0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps PyForecastTools==1.1.1
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
import verify

observed = np.random.default_rng(0).lognormal(size=50)
for excess in (0.1, 0.2, 0.5, 1.0, 2.0):
    predicted = (1 + excess) * observed
    right = np.sqrt(np.sum((predicted - observed) ** 2) / np.sum(observed**2))
    by_parts = verify.RMSE(predicted, observed) / np.sqrt(np.mean(observed**2))
    found = verify.nRMSE(predicted, observed)
    print(f"{excess:.0%} too high: right {right:.2f}, found {found:.2f}")
    assert np.isclose(right, excess) and np.isclose(by_parts, excess)
    assert np.isclose(found, excess**2)
PY

#!/usr/bin/env bash
# PyForecastTools 1.1.1: forecasts that are missing are left out on one side only: a model that is never
# wrong has a bias of -99.5, and beats a worse one in 25 % of the cases.
#
# Packages: PyForecastTools 1.1.1, numpy 2.4.6, matplotlib 3.9.4, python-dateutil 2.9.0.post0.
#
# Expected: "Bad values are assumed to be stored as NaN and these are excluded in metric calculations."
# `bias(predicted, observed)` is the "mean error of prediction", over pairs that are there;
# `percBetter` the "percentage of observations where method A was closer" than method B.
#
# Happens: `bias` is the mean of all predictions that are there less the mean of all observations that are
# there. Where a prediction is missing its observation stays. `percBetter` leaves a missing case out
# of those that are better, and counts it among all.
#
# Seen:
#   predicted  1  2  nan      observed  1  2  300       bias         right 0       found -99.5
#   A  1  nan  nan  nan   B  2  2  2  2   observed 1    percBetter   right 100     found 25
#   300 hours, a daily cycle around 10, predicted exactly, missing in the half of the hours that are
#   highest: bias right 0, found -3.16
#
# Matters for: records with gaps, which are rarely where they do not matter; the error measures of the
# package (RMSE and others) are NaN instead.
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

NAN = np.nan


def mean_error(predicted, observed):
    """Mean of predicted less observed over the pairs of which neither is missing."""
    errors = np.asarray(predicted, float) - np.asarray(observed, float)
    return errors[~np.isnan(errors)].mean()


def better(first, second, observed):
    """Percentage of the complete cases in which the first is closer."""
    one, other = (np.abs(np.asarray(each, float) - np.asarray(observed, float)) for each in (first, second))
    there = ~np.isnan(one + other)
    return 100 * (one[there] < other[there]).mean()


predicted, observed = [1, 2, NAN], [1, 2, 300]
right, found = mean_error(predicted, observed), verify.bias(predicted, observed)
print(f"bias: right {right:g}, found {found:g}")
assert right == 0 and np.isclose(found, -99.5)

cases = [1, NAN, NAN, NAN], [2, 2, 2, 2], [1, 1, 1, 1]
right, found = better(*cases), verify.percBetter(*cases)
print(f"percBetter: right {right:g}, found {found:g}")
assert right == 100 and found == 25

hours = 10 + 5 * np.sin(2 * np.pi * np.arange(300) / 24)
gaps = np.where(hours > np.median(hours), NAN, hours)
right, found = mean_error(gaps, hours), verify.bias(gaps, hours)
print(f"gaps at the highest half: bias right {right:g}, found {found:.2f}")
assert right == 0 and found < -3
assert verify.bias(hours + 1, hours) == 1 and verify.percBetter(hours, hours + 1, hours) == 100  # nothing missing
PY

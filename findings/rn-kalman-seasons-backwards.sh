#!/usr/bin/env bash
# rn-kalman 0.1.0: a seasonal model begins with its seasons in the order of time where the newest is to be
# first: it expects a year backwards.
#
# Packages: rn-kalman 0.1.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `SeasonalModel(period)` holds the level and the last period - 1 seasons, newest first: the
# next one is minus their sum, and each moves down one place. `fit` takes the first seasons from the
# data: the first year of an exact pattern is foreseen exactly.
#
# Happens: the first season is put at the first place, the second at the second, which is that of the
# season before. The year is foreseen from its end: last, third, second, first. `SeasonalTrendModel` too.
#
# Seen, a year of +100, -50, +20, -70, ten times, no noise:
#   foreseen from the first state          -70, +20, -50, +100
#   errors of a Kalman filter, first year  -170, 70, -103, 170;    with the state turned round 0
#   second year                            -4.3, 2.5, -10.3, 11.9; with the state turned round 0
#   forecast after ten years by `fit`: 283.8, 205.5, 137.6, 283.9 where 300, 150, 220, 130 are right
#
# Matters for: seasons that are large beside the initial deviation, always 3.2: the order is forgotten
# slowly, and by `fit`, whose covariance vanishes (another finding), hardly ever.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rn-kalman==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from rn_kalman.core import StandardKalmanFilter
from rn_kalman.time_series import SeasonalModel

LEVEL, YEAR, YEARS = 200.0, np.array([100.0, -50.0, 20.0, -70.0]), 10
series = LEVEL + np.tile(YEAR, YEARS)

model = SeasonalModel(period=4)
model.fit(series)
history = model.filter.get_history()
start, spread = history["mean"][0], history["cov"][0]
print("first state:", start)
assert start.tolist() == [LEVEL, *YEAR[:3]]


def errors(state):
    """Errors of the package's plain Kalman filter that begins with this state, for two years."""
    plain = StandardKalmanFilter(model.filter.F, model.filter.Q, model.filter.H, model.filter.R)
    plain.initialize(state, spread)
    found = []
    for seen in series[:8]:
        found.append((plain.H @ plain.F @ plain.m).item() - seen)
        plain.step(np.array([seen]))
    return np.array(found)


found, turned = errors(start), errors(np.array([LEVEL, YEAR[3], YEAR[2], YEAR[1]]))
print("errors, two years:", found.round(1), "newest first:", turned.round(1))
assert np.allclose(turned, 0) and np.isclose(found[0], YEAR[3] - YEAR[0]) and np.abs(found[:4]).min() > 50

# Without noise and without observations the state runs through the year backwards.
state, foreseen = start, []
for _ in range(4):
    state = model.filter.F @ state
    foreseen.append((model.filter.H @ state).item() - LEVEL)
print("foreseen from the first state:", foreseen, "right", YEAR.tolist())
assert foreseen == YEAR[::-1].tolist()

forecast, _ = model.forecast(steps=4)
print("forecast after", YEARS, "years:", forecast.round(1), "right", LEVEL + YEAR)
assert np.abs(forecast - LEVEL - YEAR).max() > 100
PY

#!/usr/bin/env bash
# forecast-performance 1.0.0: the fair CRPS of an ensemble is not fair: its correction is squared, and
# small ensembles still lose to large ones from the same distribution.
#
# Packages: forecast-performance 1.0.0, numpy 2.2.6, scipy 1.15.3, pandas 2.2.3, matplotlib 3.9.4.
#
# Expected: the fair CRPS of M members is the mean distance to the observation less the mean distance of
# two different members, halved. Its mean does not depend on M. The CRPS itself is larger by the
# integral of F (1 - F), divided by M - 1, where F is the distribution function of the members.
#
# Happens: subtracted is the integral of (F (1 - F)) squared, divided by M - 1: a quarter of it at the most.
#
# Seen, members and observations standard normal, 20,000 forecasts; mean
#   members          2       3       5       20
#   CRPS             .838    .753    .677    .591
#   fair, found      .767    .711    .654    .586
#   fair, right      .555    .564    .563    .563
# and .564 is right for every number of members.
#
# Matters for: comparing ensembles of different sizes, which is what a fair score is for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.2.6 scipy==1.15.3 pandas==2.2.3 matplotlib==3.9.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps forecast-performance==1.0.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from forecast_performance import ForecastPerformance

FORECASTS = 20_000
rng = np.random.default_rng(0)
observed = rng.normal(size=(FORECASTS, 1))
expected = 1 / np.sqrt(np.pi)  # E|X - Y| - E|X - X'| / 2 of normals with the same distribution
for members in (2, 3, 5, 20):
    ensemble = rng.normal(size=(FORECASTS, members))
    probabilities = np.arange(1, members + 1) / members
    crps = ForecastPerformance.CRPS(ensemble, probabilities, observed, "ensemble")
    found = ForecastPerformance.fair_CRPS(ensemble, probabilities, observed, "ensemble")
    distance = np.abs(ensemble - observed).mean()
    pairs = np.abs(ensemble[:, :, None] - ensemble[:, None, :]).sum((1, 2)).mean()
    assert np.isclose(crps, distance - pairs / (2 * members**2))
    right = distance - pairs / (2 * members * (members - 1))
    print(f"{members} members: CRPS {crps:.3f}, fair found {found:.3f}, right {right:.3f}")
    assert abs(right - expected) < 0.01
    assert found > right + 0.7 * (crps - right)
PY

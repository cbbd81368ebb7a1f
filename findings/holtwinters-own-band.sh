#!/usr/bin/env bash
# holtwinters 1.0: the band that is to find anomalies is drawn around each number itself: with gamma above 0.51 none
# can be outside, and with any, outliers widen their own band.
#
# Packages: holtwinters 1.0, numpy 2.4.6, pandas 2.3.3.
#
# Expected: "anomalies detection using Brutlag method": a number is an anomaly if it is further from its forecast,
# made before it, than a factor times the deviation that is known by then.
#
# Happens: level, trend and season are brought up to date with the number first. The middle of the band is what
# comes out, and the deviation takes in gamma |number - middle| before it is used. Inside is then whatever has
# |r| <= 1.96 (gamma |r| + ...), which is true of every r if gamma is 1 / 1.96 or more. (The
# factor is 1.96 unless another one is given.)
#
# Seen, a season of 24, noise of deviation 1, 20 seasons, 20 outliers of 15 deviations, alpha .3 and beta .01:
#   gamma, factor      found by the package    found from forecasts made before
#   0.1, 3             15                      19
#   0.2, 3             11                      17
#   0.3, 3             0                       17
#   0.34, 3            0, nor could any        17
#   0.52, 1.96         0, nor could any        17      (1.96 is the default)
# and a million in place of one number is no anomaly either.
#
# Matters for: monitoring with this class.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps holtwinters==1.0
venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
from holtwinters import HoltWinters

SEASON, ALPHA, BETA = 24, 0.3, 0.01
print("holtwinters", version("holtwinters"), "numpy", np.__version__)


def before(model):
    """Which numbers are outside of the band of forecasts made before them; the deviation is that of a season ago."""
    seasons, level, trend = dict(model.initial_seasonal_components()), model.series[0], model.initial_trend()
    deviations, outside = {}, []
    for i, value in enumerate(model.series):
        place = i % SEASON
        error = value - (level + trend + seasons[place])
        known = deviations.get(place)
        outside.append(known is not None and i >= 3 * SEASON and abs(error) > model.scaling_factor * known)
        deviations[place] = abs(error) if known is None else model.gamma * abs(error) + (1 - model.gamma) * known
        last, level = level, ALPHA * (value - seasons[place]) + (1 - ALPHA) * (level + trend)
        trend = BETA * (level - last) + (1 - BETA) * trend
        seasons[place] = model.gamma * (value - level) + (1 - model.gamma) * seasons[place]
    return np.array(outside)


for gamma, factor in ((0.1, 3.0), (0.2, 3.0), (0.3, 3.0), (0.34, 3.0), (0.5, 3.0), (0.52, 1.96)):
    rng = np.random.default_rng(0)
    series = 10 * np.sin(2 * np.pi * np.arange(20 * SEASON) / SEASON) + rng.normal(size=20 * SEASON)
    places = rng.choice(np.arange(5 * SEASON, 20 * SEASON), 20, replace=False)
    series[places] += 15
    model = HoltWinters(series.tolist(), SEASON, ALPHA, BETA, gamma, 0, factor)
    model.triple_exponential_smoothing()
    outside = (series > np.array(model.UpperBond)) | (series < np.array(model.LowerBond))
    told = before(model)
    clean = np.ones(len(series), bool)
    clean[places] = False
    print(f"gamma {gamma}, factor {factor}: package {outside[places].sum()} of 20 and {outside[clean].sum()} others, before {told[places].sum()} of 20 and {told[clean].sum()} others")
    assert told[places].sum() >= 14 and ((outside.sum() == 0) == (gamma * factor >= 1))
series = (10 * np.sin(2 * np.pi * np.arange(240) / SEASON)).tolist()
series[200] = 1e6
model = HoltWinters(series, SEASON, ALPHA, BETA, 0.52, 0)
model.triple_exponential_smoothing()
print("a million at place 200: band", model.LowerBond[200], "to", model.UpperBond[200])
assert model.LowerBond[200] < 1e6 < model.UpperBond[200]
PY

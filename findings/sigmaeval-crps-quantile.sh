#!/usr/bin/env bash
# sigmaeval 0.1.0: the CRPS of quantiles ignores how far outside of them the observation
# lies: a forecast that is wrong by 1000 scores 1.7, and every point forecast 0.
#
# Packages: sigmaeval 0.1.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `crps_quantile` is "a proper scoring rule that generalizes the mean absolute
# error": for quantiles that are all at one place the distance to it, and about the
# distance for any that are far away.
#
# Happens: (level - indicator)^2 is summed over the gaps between neighbouring quantiles, and
# the gap between the outermost quantile and the observation, where the error is, is left
# out. Without gaps the sum is 0. The score is least for the sharpest forecast.
#
# Seen, observations N(0, 1), 99 quantiles, CRPS in closed form and `crps_quantile`:
#   N(0, 1)         0.5645    0.5568
#   N(0, .1)        0.7482    0.1603
#   0 for certain   0.8010    0.0000
#   N(1000, 1)    999.4638    1.7452
#   1000 for certain 1000.03  0.0000
#
# Matters for: whoever tunes or chooses a forecaster by it; it pays to be overconfident.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps sigmaeval==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from scipy.stats import norm
from sigmaeval.sigmaeval import crps_quantile

LEVELS = np.arange(1, 100) / 100
observed = np.random.default_rng(0).normal(size=2000)


def found(centre, spread):
    quantiles = np.repeat(centre + spread * norm.ppf(LEVELS)[:, None], len(observed), axis=1)
    return crps_quantile(quantiles, LEVELS, observed, normalization=False)


def right(centre, spread):
    """The CRPS of normal forecasts in closed form; the absolute error for a spread of 0."""
    if spread == 0:
        return np.abs(observed - centre).mean()
    z = (observed - centre) / spread
    return (spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - np.pi**-0.5)).mean()


print("observed N(0, 1)\n  forecast             CRPS    crps_quantile")
forecasts = ((0, 1), (0, 0.1), (0, 0), (1000, 1), (1000, 0))
scores = {f: (right(*f), found(*f)) for f in forecasts}
for (centre, spread), (exact, score) in scores.items():
    print(f"  N({centre}, {spread})".ljust(16), f"{exact:10.4f} {score:12.4f}")
assert abs(scores[0, 1][1] / scores[0, 1][0] - 1) < 0.05, "near where all is within the quantiles"
assert min(scores, key=lambda f: scores[f][0]) == (0, 1)
assert scores[1000, 1][1] < 2 and scores[1000, 0][1] < 1e-6 and scores[0, 0.1][1] < 0.3 * scores[0, 1][1]
PY

#!/usr/bin/env bash
# conformal-oracle 0.5.1: the score of a joint forecast of value at risk and expected shortfall has two wrong
# signs: the larger the shortfall, the better, without end; the right forecast is worst.
#
# Packages: conformal-oracle 0.5.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.9.4, statsmodels 0.14.6.
#
# Expected: `fissler_ziegel_fz0` is the "FZ_0 joint VaR-ES consistent scoring function". For a quantile v
# and a shortfall e < 0 it is -1{y < v}(v - y) / (alpha e) + v / e + log(-e) - 1 (Patton, Ziegel and Chen
# 2019): its mean is least for the right pair, so that better forecasts have lower scores.
#
# Happens: the first term and the logarithm have the other sign. What is below the quantile lowers the
# score, and log(-e) is subtracted: the score goes to minus infinity with the shortfall. It is not the
# negative of the right score either, since v / e and 1 keep their signs.
#
# Seen, 200,000 standard normal numbers, alpha = .025, mean score:
#   forecast (quantile, shortfall)     right score   found
#   right: -1.96, -2.34                .853          -1.176
#   shortfall twice as large           1.044         -2.206
#   shortfall twenty times as large    2.895         -4.811
#   quantile half as large             1.755         -2.917
#
# Matters for: `fz_score_raw` and `fz_score_corrected` of every audit: the lower one is the more careless or
# the more frightened forecast.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.9.4 statsmodels==0.14.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps conformal-oracle==0.5.1
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from conformal_oracle.diagnostics.scoring import fissler_ziegel_fz0
from scipy.integrate import quad
from scipy.stats import norm

ALPHA, COUNT = 0.025, 200_000
returns = np.random.default_rng(0).normal(size=COUNT)
quantile = norm.ppf(ALPHA)
shortfall = quad(lambda y: y * norm.pdf(y), -np.inf, quantile)[0] / ALPHA  # mean of what is below the quantile


def right(v, e):
    return np.mean(-(returns < v).astype(float) * (v - returns) / (ALPHA * e) + v / e + np.log(-e) - 1)


def found(v, e):
    return fissler_ziegel_fz0(returns, np.full(COUNT, v), np.full(COUNT, e), ALPHA)


forecasts = {
    "right": (quantile, shortfall),
    "shortfall twice": (quantile, 2 * shortfall),
    "shortfall twenty times": (quantile, 20 * shortfall),
    "quantile half": (quantile / 2, shortfall),
}
for name, forecast in forecasts.items():
    print(f"{name:24} right score {right(*forecast):.3f}, found {found(*forecast):.3f}")
assert all(right(*forecast) > right(*forecasts["right"]) for name, forecast in forecasts.items() if name != "right")
assert all(found(*forecast) < found(*forecasts["right"]) for name, forecast in forecasts.items() if name != "right")
assert found(quantile, 1e6 * shortfall) < -10  # and further down
PY

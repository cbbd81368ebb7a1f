#!/usr/bin/env bash
# garchbox 0.1.0: every variance is forecast by the formula of a plain GARCH model: a stationary GJR
# model has no long-run variance, and its forecasts never come back.
#
# Packages: garchbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: in `GJRGARCH` a return below 0 adds gamma to alpha. Of every two returns one does so on
# average: persistence is alpha + gamma / 2 + beta, the long-run variance omega / (1 - persistence),
# and forecasts go there.
#
# Happens: results of all models share one `persistence`, the sum of all parameters but the first,
# and one `forecast`: alpha times the last square, and all further parameters times the last
# variance. gamma is counted in full, and not for the sign of the return but for the variance.
# An EGARCH model, whose parameters are of a logarithm, is forecast in the same way.
#
# Seen, 4,000 returns of a GJR model with omega .2, alpha .02, gamma .2, beta .85:
#                            right, of the fitted parameters     found
#   persistence              .97                                 1.07
#   long-run variance        6.6                                 inf
#   forecast, step 1         3.39                                3.54
#   forecast, step 500       6.61                                3.54
#
# Matters for: forecasts of volatility and risk by the asymmetric models.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps garchbox==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from archbox.models.gjr_garch import GJRGARCH

OMEGA, ALPHA, GAMMA, BETA, LENGTH = 0.2, 0.02, 0.2, 0.85, 4000
rng = np.random.default_rng(0)
y, variance = np.zeros(LENGTH), OMEGA / (1 - ALPHA - GAMMA / 2 - BETA)
for t in range(LENGTH):
    y[t] = np.sqrt(variance) * rng.normal()
    variance = OMEGA + (ALPHA + GAMMA * (y[t] < 0)) * y[t] ** 2 + BETA * variance

result = GJRGARCH(y, mean="zero").fit(disp=False)
omega, alpha, gamma, beta = result.params
last = np.var(y)
for value in y:
    now, last = last, omega + (alpha + gamma * (value < 0)) * value**2 + beta * last
persistence = alpha + gamma / 2 + beta
long_run = omega / (1 - persistence)
right = long_run + persistence ** np.arange(500) * (last - long_run)
found = result.forecast(500)["variance"]
print("fitted", result.params.round(3))
print(f"persistence: right {persistence:.3f}, found {result.persistence():.3f}; long run: right {long_run:.2f}, found {result.unconditional_variance()}")
print(f"forecast of step 1: right {right[0]:.2f}, found {found[0]:.2f}; of step 500: right {right[-1]:.2f}, found {found[-1]:.2f}; last return {y[-1]:.2f}")
by_hand = omega + alpha * y[-1] ** 2 + (gamma + beta) * now
assert np.isclose(found[0], by_hand, rtol=0.02) and np.ptp(found) == 0
assert persistence < 1 < result.persistence() and np.isinf(result.unconditional_variance())
assert abs(right[-1] / np.var(y) - 1) < 0.4 and abs(found[0] - right[0]) > 0.05
PY

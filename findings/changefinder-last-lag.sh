#!/usr/bin/env bash
# changefinder 0.03: the autocovariance of the last lag is always 0: order 1, the default,
# never looks back, and order 2 predicts worse than the mean does.
#
# Packages: changefinder 0.03, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `ChangeFinder(r, order, smooth)` scores each number by an autoregression of
# `order` lags whose coefficients come from the discounted autocovariances at lags 0 to
# `order` (Takeuchi & Yamanishi 2006). On an autoregression with coefficient .95 and
# noise of variance 1 it learns a coefficient near .95 and an error variance near 1.
#
# Happens: the loop that updates autocovariances ends one lag early. With order 1 none is
# updated but the variance, the coefficient is 0 and the mean is predicted. With more
# lags the last autocovariance is taken to be 0, and the coefficients bend to fit that.
#
# Seen, 4,000 numbers of that series with r of .005, after the last one:
#              autocovariances    coefficients     error variance
#   right, 1   14.33 13.78        .962               1.02
#   order 1    14.33 0            0                 14.33
#   order 2    14.33 13.78 0      12.84 -12.35     102.97
#
# Matters for: change points in anything that has memory; what a higher order is chosen
# for makes it worse. The second stage, on the scores, has the same autoregression.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 setuptools==80.9.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps changefinder==0.03
venv/bin/python - <<'PY'
import sys
from unittest.mock import MagicMock

import numpy as np

# loaded for another class of the package, ChangeFinderARIMA
sys.modules["statsmodels"] = sys.modules["statsmodels.api"] = MagicMock()
from changefinder import ChangeFinder, LevinsonDurbin

KEEP, RATE, NUMBERS = 0.95, 0.005, 4_000
noise = np.random.default_rng(0).normal(size=NUMBERS)
series = np.zeros(NUMBERS)
for t in range(1, NUMBERS):
    series[t] = KEEP * series[t - 1] + noise[t]


def right():
    """Autocovariances, coefficient and error variance of order 1, discounted in the same way."""
    mean = at_0 = at_1 = error = 0.0
    for before, x in zip(series, series[1:]):
        mean += RATE * (x - mean)
        at_0 += RATE * ((x - mean) ** 2 - at_0)
        at_1 += RATE * ((x - mean) * (before - mean) - at_1)
        error += RATE * ((x - mean - at_1 / at_0 * (before - mean)) ** 2 - error)
    return at_0, at_1, at_1 / at_0, error


at_0, at_1, coefficient, error = right()
print(f"right, 1  {at_0:.2f} {at_1:.2f}  {coefficient:.3f}  {error:.2f}")
assert abs(coefficient - KEEP) < 0.03 and abs(error - 1) < 0.2
for order in (1, 2):
    np.random.seed(0)
    finder = ChangeFinder(r=RATE, order=order, smooth=5)
    for x in series:
        finder.update(x)
    model = finder._sdar_first
    coefficients = -LevinsonDurbin(model._c, order)[0][1:]
    print(f"order {order}  ", *(f"{c:.2f}" for c in model._c), " ", *(f"{c:.3f}" for c in coefficients), f"  {model._sigma:.2f}")
    assert model._c[order] == 0 and np.allclose(model._c[0], at_0, rtol=0.05)
    assert model._sigma > 6 * error if order == 1 else model._sigma > series.var()
PY

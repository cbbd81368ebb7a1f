#!/usr/bin/env bash
# kalman-estimation 0.6.0: the error of a model is that of the series against itself read backwards: every
# model and every update coefficient has the same one.
#
# Packages: kalman-estimation 0.6.0, filterpy 1.4.5, torch 2.13.0, numpy 2.4.6, scipy 1.17.1,
# matplotlib 3.11.2.
#
# Expected: `Kalman4ARX(signals, max_lag, uc)` estimates the coefficients of an autoregression by a Kalman
# filter, forwards and backwards. `mse_loss` is the mean square error of what it predicts, the number by which
# `grid_search1` and `grid_search3` choose a lag and an update coefficient.
#
# Happens: what the filter gives back as predictions are the observations, which its update has stored under the
# same name. After the backward pass they are in backward order, and are compared with the series.
#
# Seen, two series of 400, the first one x(t) = .8 x(t - 1) + noise and the second one driven by it
#   lag, update coefficient      mse_loss    series less itself reversed    one-step errors of the coefficients
#   1, .0001                     10.846      10.846                         1.995
#   1, .1                        10.846      10.846                         2.029
#   3, .001                      10.698      10.698                         1.993
#   all coefficients 0                                                      5.61
#
# Matters for: choosing models with it. The coefficients themselves are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps filterpy==1.4.5 kalman-estimation==0.6.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from kalman_estimation import Kalman4ARX

COUNT = 400
TRUE = np.array([[0.8, 0.0], [0.5, 0.3]])


def errors(series, coefficients, lag):
    """Mean square one-step errors, both series together."""
    past = np.hstack([series[lag - i - 1 : COUNT - i - 1] for i in range(lag)])
    return ((series[lag:] - past @ coefficients.T) ** 2).sum() / (COUNT - lag)


rng = np.random.default_rng(0)
series = np.zeros((COUNT, 2))
for t in range(1, COUNT):
    series[t] = TRUE @ series[t - 1] + rng.normal(size=2)
for lag, update in ((1, 1e-4), (1, 1e-3), (1, 0.1), (3, 1e-3)):
    np.random.seed(0)
    model = Kalman4ARX(series, lag, update)
    coefficients, _ = model.estimate_coef()
    reverse = ((series[lag:] - series[lag:][::-1]) ** 2).sum() / (COUNT - lag)
    right = errors(series, coefficients, lag)
    print(f"lag {lag}, update coefficient {update}: mse_loss {model.mse_loss:.3f}, series less itself reversed {reverse:.3f}, one-step errors {right:.3f}")
    assert abs(model.mse_loss - reverse) < 1e-9 and right < 2.2
    assert lag > 1 or abs(coefficients - TRUE).max() < 0.15 or update > 0.01
print(f"one-step errors with all coefficients 0: {errors(series, np.zeros((2, 2)), 1):.2f}, with the true ones: {errors(series, TRUE, 1):.2f}")
PY

#!/usr/bin/env bash
# kalman-estimation 0.6.0: the noise is measured with the past of the step before: AIC and BIC say order 1 of
# an autoregression of order 2.
#
# Packages: kalman-estimation 0.6.0, filterpy 1.4.5, torch 2.13.0, numpy 2.4.6, scipy 1.17.1,
# matplotlib 3.11.2.
#
# Expected: `Kalman4ARX` estimates, with the coefficients, the covariance R of the noise from what each
# observation differs from its prediction by; AIC and BIC are ln det R and a penalty for the order.
#
# Happens: at each step R is brought up to date before the matrix of past values is. The prediction that the
# difference is taken from is made of the values one step too early. A better order, with larger
# coefficients, may have a larger R.
#
# Seen, x(t) = .4 x(t - 1) - .7 x(t - 2) + noise of variance 1, 3,000 numbers, update coefficient .002
#   lag   coefficients        R       mean square error   BIC, package   BIC, with the mean square error
#   1     .23                 1.18    1.84                .167           .613
#   2     .39, -.68           2.05    .99                 .723           -.007
#   3     .40, -.69, .02      2.05    .99                 .727           -.004
#   least BIC                                             lag 1          lag 2
#
# Matters for: orders, and for what is said to be noise. The coefficients themselves are right.
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

COUNT, TRUE, UPDATE = 3000, (0.4, -0.7), 2e-3

rng = np.random.default_rng(0)
series = np.zeros((COUNT, 1))
for t in range(2, COUNT):
    series[t] = TRUE[0] * series[t - 1] + TRUE[1] * series[t - 2] + rng.normal()
rows = {}
for lag in (1, 2, 3):
    np.random.seed(0)
    model = Kalman4ARX(series, lag, UPDATE)
    coefficients, _ = model.estimate_coef()
    past = np.hstack([series[lag - i - 1 : COUNT - i - 1] for i in range(lag)])
    predicted = past @ coefficients.T
    right, shifted = ((series[lag:] - predicted) ** 2).mean(), ((series[lag + 1 :] - predicted[:-1]) ** 2).mean()
    bic = float(np.log(right) + np.log(COUNT) * lag / COUNT)
    rows[lag] = model.R[0, 0], right, shifted, float(model.bic), bic
    print(f"lag {lag}: coefficients {coefficients[0].round(2)}, R {rows[lag][0]:.2f}, mean square error {right:.2f}, with the prediction of the step before {shifted:.2f}; BIC, package {rows[lag][3]:.3f}, with the mean square error {bic:.3f}")
    if lag == 2:
        assert abs(coefficients[0] - TRUE).max() < 0.1
orders = [min(rows, key=lambda lag: rows[lag][column]) for column in (3, 4)]
print("order with the least BIC: package", orders[0], "right", orders[1])
assert orders == [1, 2] and abs(rows[2][1] - 1) < 0.1 and rows[2][0] > 1.4
PY

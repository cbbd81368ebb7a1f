#!/usr/bin/env bash
# makystats 0.1.3: risk over several days is simulated with lags 1, 2, ..., also where the model has lag 4 only.
#
# Packages: makystats 0.1.3, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, statsmodels 0.14.6.
#
# Expected: `arma_garch(y, ar=[4])` is a model with the fourth lag alone, and `var(h, aggregation="cumulative")` the
# quantile of y_(T+1) + ... + y_(T+h) "under the model", from simulated paths.
#
# Happens: fit and `forecast` look the lags up. The simulation takes the i-th coefficient for lag i, so that the one of
# lag 4 is used for lag 1. It is so for moving averages, seasonal terms and expected shortfall as well.
#
# Seen, y_t = .8 y_(t-4) + e_t, 2,000 numbers, last four 1.5, -2, -1 and 2.5
#   sum of   mean: package, right, forecast    spread: package, right    quantile at 5 %: package, right
#   2 days    3.65   -.40   -.40               1.98   1.38                 .36   -2.67
#   4 days    6.03    .82    .80               4.24   1.95                -.99   -2.39
# With lag 1 alone all agree.
#
# Matters for: value at risk and shortfall of any model with left-out lags or a season, for more than one day.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 statsmodels==0.14.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps makystats==0.1.3
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from makystats import arma_garch
from scipy.signal import lfilter

PHI, COUNT, PATHS, LEVEL = 0.8, 2_000, 20_000, 0.05
print("makystats", version("makystats"), "numpy", np.__version__)
rng = np.random.default_rng(0)


def simulate(model, last, steps, lags):
    """Paths of the fitted autoregression with GARCH(1,1) innovations, from the last numbers and the last day."""
    phi, omega, alpha, beta = (float(value) for value in model.coef_table["Coeff"])
    shock = np.full(PATHS, np.asarray(model.residuals)[-1])
    variance = np.full(PATHS, np.asarray(model.conditional_vol)[-1] ** 2)
    path = [np.full(PATHS, value) for value in last]
    for _ in range(steps):
        variance = omega + alpha * shock**2 + beta * variance
        shock = np.sqrt(variance) * rng.standard_normal(PATHS)
        path.append(phi * path[-lags] + shock)
    return np.array(path[len(last):])


for lag, lags in ((1, 1), (4, [4])):
    noise = rng.standard_normal(COUNT)
    series = lfilter([1], [1] + [0] * (lag - 1) + [-PHI], noise)
    series = np.concatenate((series, [1.5, -2.0, -1.0, 2.5]))
    model = arma_garch(series, mean="AR", ar=lags, vol="GARCH", p=1, q=1, trend="n")
    model.fit(verbose=False)
    phi = float(model.coef_table["Coeff"].iloc[0])
    assert abs(phi - PHI) < 0.05 and np.isclose(np.asarray(model.residuals)[-1], series[-1] - phi * series[-1 - lag])
    for steps in (2, 4):
        found = model.var(alpha=LEVEL, h=steps, aggregation="cumulative", n_sims=5_000, seed=0)
        sums = simulate(model, series[-4:], steps, lag).sum(0)
        forecast = float(model.forecast(h=steps)["mean"].sum())
        print(f"lag {lag}, sum of {steps}: mean {found['mean_sum']:.2f}, right {sums.mean():.2f}, {forecast:.2f}, "
              f"spread {found['std_sum']:.2f}, right {sums.std():.2f}; "
              f"VaR {found['var']:.2f}, right {np.quantile(sums, LEVEL):.2f}")
        assert abs(sums.mean() - forecast) < 0.1
        near = abs(found["mean_sum"] - sums.mean()) < 0.2 and abs(found["std_sum"] / sums.std() - 1) < 0.06
        if lag == 1:
            assert near
        else:
            one = simulate(model, series[-4:], steps, 1).sum(0)
            assert not near and abs(found["mean_sum"] - one.mean()) < 0.2
            assert abs(found["std_sum"] / one.std() - 1) < 0.06
assert found["std_sum"] > 2 * sums.std() and found["mean_sum"] - sums.mean() > 3
PY

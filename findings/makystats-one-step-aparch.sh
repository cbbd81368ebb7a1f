#!/usr/bin/env bash
# makystats 0.1.3: forecasts of APARCH and FIGARCH are made as if their parameters were those of GARCH.
#
# Packages: makystats 0.1.3, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, statsmodels 0.14.6, numba 0.65.1 (for its speed).
#
# Expected: the next day's variance is known from what has been seen, by the model's own equation. In the documentation
# it is s^d = omega + alpha (|e| - gamma e)^d + beta s^d of the day before for APARCH, and omega + beta s^2 + the sum of
# lambda_k e_(t-k)^2, with weights of (1 - L)^d, for FIGARCH.
#
# Happens: `forecast` has cases for EGARCH and GJR, and omega + alpha e^2 + beta s^2 for all others. For FIGARCH alpha
# is even phi, and d is not used. Value at risk for the next day is made of it. (That FIGARCH is approximated so is said
# of sums of several days only.)
#
# Seen, next day's volatility, 3,000 returns
#   last return      APARCH, power 1: forecast   right    FIGARCH: forecast   right
#   -4               1.60                        1.54     1.26                1.61
#     .1             1.00                         .96      .63                1.00
#    4               1.60                        1.16     1.26                1.61
# Value at risk at 5 % after +4: -2.63 with APARCH, right -1.91; -2.06 with FIGARCH, right -2.66.
#
# Matters for: forecasts and risk of these two models from the first day on; fits and fitted volatilities are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 \
    statsmodels==0.14.6 numba==0.65.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps makystats==0.1.3
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from makystats import arma_garch

COUNT = 3_000
print("makystats", version("makystats"), "numpy", np.__version__)


def returns(last):
    """APARCH with exponent 1: omega .05, alpha .1, gamma .5, beta .85. The last number is given."""
    rng, spread, path = np.random.default_rng(0), 1.0, []
    for day in range(COUNT):
        path.append(last if day == COUNT - 1 else spread * rng.standard_normal())
        spread = 0.05 + 0.1 * (abs(path[-1]) - 0.5 * path[-1]) + 0.85 * spread
    return np.array(path)


def aparch(path, spreads, omega, alpha, gamma, beta):
    return omega + alpha * (abs(path[-1]) - gamma * path[-1]) + beta * spreads[-1]


def figarch(path, spreads, omega, phi, d, beta):
    """s^2 = omega + beta s_(t-1)^2 + sum of lambda_k e_(t-k)^2, with (1 - L)^d cut off after 1,000 days."""
    count = min(len(path), 1_000)
    power = np.cumprod(np.concatenate(([1.0], (np.arange(count) - d) / np.arange(1, count + 1))))
    weights = -power[1:] + phi * power[:-1]
    weights[0] -= beta
    return np.sqrt(omega + beta * spreads[-1] ** 2 + weights @ path[::-1][:count] ** 2)


for last in (-4.0, 0.1, 4.0):
    path = returns(last)
    for name, options, equation in (("APARCH", {"o": 1, "power": 1.0}, aparch), ("FIGARCH", {}, figarch)):
        model = arma_garch(path, mean="Zero", vol=name, p=1, q=1, trend="n", **options)
        model.fit(verbose=False)
        values = [float(value) for value in model.coef_table["Coeff"]]
        spreads = np.asarray(model.conditional_vol)
        # The same equation gives the package's own fitted volatility of the last day.
        assert np.isclose(equation(path[:-1], spreads[:-1], *values), spreads[-1], rtol=1e-6)
        right = equation(path, spreads, *values)
        forecast, risk = float(model.forecast(h=1)["vol"].iloc[0]), model.var(alpha=0.05, h=1)["var"]
        as_garch = np.sqrt(values[0] + values[1] * path[-1] ** 2 + values[3] * spreads[-1] ** 2)
        print(f"{name:7}, last {last:4}: fitted last day {spreads[-1]:.3f}; next day: forecast {forecast:.3f}, "
              f"right {right:.3f}; VaR at 5 % {risk:.2f}, right {-1.645 * right:.2f}")
        assert np.isclose(forecast, as_garch) and np.isclose(risk, -1.645 * forecast, rtol=1e-3)
        assert abs(forecast / right - 1) > 0.03
        assert (name, last) != ("APARCH", 4.0) or forecast > 1.3 * right
        assert name == "APARCH" or forecast < 0.85 * right
PY

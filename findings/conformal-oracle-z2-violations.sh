#!/usr/bin/env bash
# conformal-oracle 0.5.1: the Z2 test of expected shortfall does not count violations: seven times as many
# as foreseen give -0.29 where -7.5 is right.
#
# Packages: conformal-oracle 0.5.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.9.4, statsmodels 0.14.6.
#
# Expected: `z2_statistic` is the "Z2 backtest for Expected Shortfall" of Acerbi and Szekely (2014): the sum
# of return / (alpha ES) over the violations, divided by the number of days T, plus 1. It is 0 for a right
# forecast and below -0.7 for one that is to be rejected, and, other than their Z1, tests frequency and
# size of the violations together. That is why alpha is an argument.
#
# Happens: the sum is divided by the number of violations, and alpha is not used: it is Z1, which says
# nothing of how many they were. Without a violation it is 0, "right", where Z2 is 1.
#
# Seen, forecasts for standard normal returns, alpha = .025, 200,000 returns with a deviation of
#                  1         1.5       2         0.1
#   violations     .025      .096      .164      0
#   right Z2       -0.006    -3.369    -7.478    1
#   found          -0.003    -0.14     -0.29     0
#   Z1             -0.003    -0.14     -0.29     -
#
# Matters for: Z2 of every audit, which looks all right for forecasts with far too many violations.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.9.4 statsmodels==0.14.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps conformal-oracle==0.5.1
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from conformal_oracle.diagnostics.acerbi_szekely import z2_statistic
from scipy.stats import norm

ALPHA, COUNT = 0.025, 200_000
unit = np.random.default_rng(0).normal(size=COUNT)
quantile = norm.ppf(ALPHA)
shortfall = norm.pdf(quantile) / ALPHA  # a positive number, of standard normal returns
forecasts = np.full(COUNT, shortfall)

for deviation in (1.0, 1.5, 2.0, 0.1):
    returns = deviation * unit
    violations = returns < quantile
    z2 = np.sum(returns[violations] / (ALPHA * shortfall)) / COUNT + 1
    z1 = np.mean(returns[violations] / shortfall) + 1 if violations.any() else np.nan
    found = {flag: z2_statistic(violations, returns, forecasts, ALPHA, stabilised=flag) for flag in (True, False)}
    print(f"deviation {deviation}: violations {violations.mean():.3f}, right Z2 {z2:.3f}, found {found[True]:.3f}, Z1 {z1:.3f}")
    other = z2_statistic(violations, returns, forecasts, 0.5)
    assert other == found[True] and np.isclose(found[True], found[False])  # alpha is not used
    assert np.isclose(found[True], z1) if violations.any() else found[True] == 0 and z2 == 1
    assert deviation <= 1 or (z2 < -3 and found[True] > -0.3)
PY

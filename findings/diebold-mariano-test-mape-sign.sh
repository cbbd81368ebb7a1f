#!/usr/bin/env bash
# diebold-mariano-test 0.0.8: percentage errors of negative numbers are negative: the worse forecast wins the test.
#
# Packages: diebold-mariano-test 0.0.8, scipy 1.17.1, numpy 2.4.6.
#
# Expected: `cul_d_t(MAPE, ...)`, `cul_DM` and `cul_P` compare two forecasts by absolute percentage errors,
# |y - x| / |x|, which are not negative. The test is below 0 if the first forecast is the better one, as with MSE and MAE.
#
# Happens: absolute errors are divided by the observation with its sign. Below 0 each error is the better the larger it
# is; a series with both signs has errors that cancel.
#
# Seen, 60 numbers about -10, first forecast off by .1 (standard deviation), second by 1
#             statistic   right    p
#   MSE        -5.7        -5.7    1e-8
#   MAE        -8.7        -8.7    2e-18
#   MAPE       +8.5        -8.5    2e-17
#   MAPE of the same numbers with their signs changed: -8.5
# 400 numbers of either sign, the same two forecasts: -1.0 with p = .3 instead of -25 with p = 4e-140.
#
# Matters for: returns, growth rates, temperatures: the worse forecast is found better, with any certainty.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps diebold-mariano-test==0.0.8
venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
from diebold_mariano_test import MAE, MAPE, MSE, cul_d_t, cul_DM, cul_P
from scipy.stats import norm

print("diebold-mariano-test", version("diebold-mariano-test"), "numpy", np.__version__)
LOSSES = {
    MSE: lambda seen, forecast: (seen - forecast) ** 2,
    MAE: lambda seen, forecast: abs(seen - forecast),
    MAPE: lambda seen, forecast: abs((seen - forecast) / seen),
}


def both(kind, seen, first, second):
    differences = cul_d_t(kind, list(seen), list(first), list(second))
    mine = LOSSES[kind](seen, first) - LOSSES[kind](seen, second)
    statistic = mine.mean() / np.sqrt(mine.var() / len(mine))
    return cul_DM(differences), cul_P(differences), statistic, 2 * norm.cdf(-abs(statistic))


rng = np.random.default_rng(0)
seen = -10 + rng.standard_normal(60)
first, second = seen + 0.1 * rng.standard_normal(60), seen + rng.standard_normal(60)
for kind in LOSSES:
    statistic, p, right, right_p = both(kind, seen, first, second)
    print(f"{kind.__name__}: {statistic:.2f} (p {p:.1g}), right {right:.2f} (p {right_p:.1g})")
    assert np.isclose(statistic, -right if kind is MAPE else right) and right < -4 and p < 1e-4
changed = both(MAPE, -seen, -first, -second)
print(f"MAPE, signs changed: {changed[0]:.2f}, right {changed[2]:.2f}")
assert np.isclose(changed[0], changed[2])

seen = rng.choice([-1, 1], 400) * (5 + rng.random(400))
first, second = seen + 0.1 * rng.standard_normal(400), seen + rng.standard_normal(400)
statistic, p, right, right_p = both(MAPE, seen, first, second)
print(f"MAPE, either sign: {statistic:.2f} (p {p:.2g}), right {right:.2f} (p {right_p:.1g})")
assert p > 0.02 and right_p < 1e-10
PY

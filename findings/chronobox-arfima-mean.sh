#!/usr/bin/env bash
# chronobox 0.1.0: whether a series has long memory depends on its mean: independent numbers
# around 10 have d = 0.499, the largest value that is allowed.
#
# Packages: chronobox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `ARFIMA(order=(p, d, q)).fit(y, estimate_d=True)` estimates how fast dependence
# decays, which adding a number to the series does not change. `estimate_d`, of the same
# class, takes the mean off first.
#
# Happens: the model has no mean, and takes none off. A constant is the sum of all
# differences of any order, so the fit explains the mean as memory. Forecasts go to 0, also
# those of a plain autoregression of order one with d fixed at 0.
#
# Seen, 500 independent normal numbers of mean 0, and with a number added:
#   added   d jointly   by `estimate_d`   log-likelihood   autoregression, 20 steps ahead
#     0      -0.029          0.049            -715.9              0.00
#     1       0.252          0.049            -751.3              0.00
#    10       0.499          0.049            -878.7              8.44
#
# Matters for: every series that is not centred; compare `estimate_d` or centre it by hand.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chronobox==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from chronobox.models.arfima import ARFIMA

noise = np.random.default_rng(0).normal(size=500)
noise -= noise.mean()
found = {}
for mean in (0.0, 1.0, 10.0):
    fit = ARFIMA(order=(0, 0.1, 0)).fit(noise + mean, estimate_d=True)
    alone = ARFIMA().estimate_d(noise + mean, method="whittle")
    ahead = ARFIMA(order=(1, 0.0, 0)).fit(noise + mean).forecast(20)[-1]
    found[mean] = fit.d, alone, fit.loglik, ahead
    print(f"mean {mean:>4.0f}: d {fit.d:.3f} jointly, {alone:.3f} alone; log-likelihood {fit.loglik:.1f}; twenty steps ahead with d = 0 {ahead:.2f}")
assert abs(found[0.0][0]) < 0.1 and found[10.0][0] > 0.49
assert abs(found[0.0][1] - found[10.0][1]) < 1e-6
PY

#!/usr/bin/env bash
# online-cp 0.4.0: after a few hundred large p-values the mixture martingale falls from e^-6 to
# e^-1891, and comes back later: a CUSUM takes that for evidence of e^1977.
#
# Packages: online-cp 0.4.0, numpy 2.2.6, scipy 1.15.3, matplotlib 3.9.4, joblib 1.5.2.
#
# Expected: `SimpleMixtureMartingale` is the integral over e from 0 to 1 of the product of all
# e p^(e - 1), in closed form. For p-values near 1 that is about 1 / (n + 1).
#
# Happens: the closed form has n! times the regularised incomplete gamma function. Where the latter is
# too small for a double, below 1e-308, the logarithm of their product is set to -700, which may have
# been meant as a floor for the function alone; the logarithm of 400! is 2000.
#
# Seen, 400 p-values of .95, then 400 uniform ones; logarithm of the martingale:
#   n                100      200      300      350      400         500      800
#   by quadrature    -4.56    -5.25    -5.65    -5.81    -5.94       -5.96    -6.01
#   found            -4.56    -5.25    -5.65    -5.81    -1891.01    -5.96    -6.01
# and the largest of a CUSUM, which restarts at the least value, logarithm: right .03, found 1976.61.
#
# Matters for: alarms in long streams, after a time in which a model was better than calibrated.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.2.6 scipy==1.15.3 matplotlib==3.9.4 joblib==1.5.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps online-cp==0.4.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from online_cp.martingale.jumpers import SimpleMixtureMartingale
from online_cp.martingale.wrappers import CUSUMWrapper
from scipy.integrate import quad


def right(count, log_sum):
    """Logarithm of the integral, by quadrature around its largest value."""
    peak = min(1.0, count / -log_sum)
    top = count * np.log(peak) + (peak - 1) * log_sum
    value = quad(lambda e: np.exp(count * np.log(e) + (e - 1) * log_sum - top) if e > 0 else 0.0, 0, 1, points=[peak, max(0.0, peak - 20 / count)], limit=500)[0]
    return top + np.log(value)


rng = np.random.default_rng(0)
p_values = np.concatenate([np.full(400, 0.95), rng.uniform(size=400)])
cusum, log_sum, least, largest, largest_right = CUSUMWrapper(SimpleMixtureMartingale()), 0.0, 0.0, 0.0, 0.0
for count, p in enumerate(p_values, 1):
    cusum.update(p)
    found = cusum.martingale.logM
    log_sum += np.log(p)
    truth = right(count, log_sum)
    least = min(least, truth)
    largest, largest_right = max(largest, cusum.log_gamma), max(largest_right, truth - least)
    if count in (100, 200, 300, 350, 400, 500, 800):
        print(f"after {count}: right {truth:.2f}, found {found:.2f}")
        assert truth > -8
        assert found < -1800 if count == 400 else np.isclose(found, truth, atol=1e-6)
print(f"largest CUSUM, logarithm: right {largest_right:.2f}, found {largest:.2f}")
assert largest_right < np.log(1e6) < 1000 < largest
PY

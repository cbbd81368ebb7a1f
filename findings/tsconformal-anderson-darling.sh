#!/usr/bin/env bash
# tsconformal 0.2.2: the Anderson-Darling test of forecasts passes any bias and any width: forecasts half as
# wide as they should be, or a deviation off, look calibrated.
#
# Packages: tsconformal 0.2.2, numpy 2.4.6, scipy 1.17.1, pandas 3.1.1.
#
# Expected: `pit_uniformity_tests(pits)` runs "KS, Anderson-Darling, and Ljung-Box tests" of whether the
# probability integral transforms are uniform. The normal quantiles of uniform numbers are standard normal:
# the test is against a mean of 0 and a deviation of 1.
#
# Happens: the quantiles go to a test of normality whose mean and deviation are those of the sample. A biased or
# too wide normal forecast of normal data has transforms whose quantiles are normal, with another mean and
# deviation: nothing is left to be rejected.
#
# Seen, 500 standard normal numbers, 40 series; rejected at 5 % by
#   forecast                       package's AD   its KS    AD against the uniform distribution
#   N(0, 1), right                 .075           .075      .075
#   N(1, 1)                        .075           1.000     1.000
#   N(0, 1/2)                      .025           1.000     1.000
#   N(0, 2)                        .050           1.000     1.000
#
# Matters for: whoever reads the test that is best in the tails for the tails.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps tsconformal==0.2.2
venv/bin/python -W ignore - <<'PY'
import numpy as np
from scipy.stats import norm
from tsconformal.diagnostics import pit_uniformity_tests

COUNT, SERIES = 500, 40
WEIGHTS = 2 * np.arange(1, COUNT + 1) - 1


def distance(pits):
    """The Anderson-Darling distance to the uniform distribution."""
    pits = np.clip(np.sort(pits), 1e-300, 1 - 1e-16)
    return -COUNT - (WEIGHTS * (np.log(pits) + np.log1p(-pits[::-1]))).mean()


rng = np.random.default_rng(0)
limit = np.quantile([distance(rng.random(COUNT)) for _ in range(20000)], 0.95)
print(f"5 % limit of the distance, by simulation: {limit:.2f}")
assert abs(limit - 2.49) < 0.1  # the value in the books
found = {}
for bias, width in ((0, 1), (1, 1), (0, 0.5), (0, 2)):
    rows = []
    for _ in range(SERIES):
        pits = norm.cdf(rng.normal(size=COUNT), bias, width)
        tests = pit_uniformity_tests(pits)
        rows.append((tests.ad_pvalue < 0.05, tests.ks_pvalue < 0.05, distance(pits) > limit))
    found[bias, width] = np.mean(rows, axis=0)
    print(f"N({bias}, {width}): rejected, package's AD {found[bias, width][0]:.3f}, its KS {found[bias, width][1]:.3f}, AD against uniform {found[bias, width][2]:.3f}")
for forecast, (package, smirnov, right) in found.items():
    assert package < 0.2
    assert (right < 0.2 and smirnov < 0.2) if forecast == (0, 1) else (right == 1 and smirnov == 1)
PY

#!/usr/bin/env bash
# chronobox 0.1.0: the cycle of a Beveridge-Nelson decomposition runs away from 0, since the
# trend grows by the intercept of the regression instead of the mean of the differences.
#
# Packages: chronobox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: the trend is a random walk with drift, `drift` is the "estimated drift (mean of
# first differences)", and the cycle is stationary, as the documentation says. For
# differences with an autoregression of order one, intercept c and coefficient phi, the mean
# is c / (1 - phi), and the cycle is -phi / (1 - phi) times the difference less its mean.
#
# Happens: `drift` and the growth of the trend are c. What is missing in every step, phi / (1 -
# phi) times c, is left to the cycle.
#
# Seen, 2,000 steps whose differences have mean 1 and phi = 0.5:
#   mean of the differences 0.94, `drift` 0.48
#   last value of the series 1888, of the trend 953
#   cycle by the closed form from -4.0 to 4.1, by the package from 0.0 to 935.8
#
# Matters for: any series that grows; the gap that is read from it is a straight line.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chronobox==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from chronobox.filters.bn import bn_decomposition_detailed

STEPS = 2000
rng = np.random.default_rng(0)
difference = np.empty(STEPS)
last = 1.0
for t in range(STEPS):
    last = difference[t] = 0.5 + 0.5 * last + rng.normal()
series = np.r_[0.0, np.cumsum(difference)]

answer = bn_decomposition_detailed(series, p=1)
phi = float(answer.ar_coeffs[0])
mean = answer.drift / (1 - phi)
right = -phi / (1 - phi) * (difference - mean)
print(f"mean of the differences {difference.mean():.2f}, drift {answer.drift:.2f}, intercept / (1 - phi) {mean:.2f}")
print(f"last value of the series {series[-1]:.0f}, of the trend {answer.trend[-1]:.0f}")
print(f"cycle by the closed form {right.min():.1f} to {right.max():.1f}, by the package {answer.cycle.min():.1f} to {answer.cycle.max():.1f}")
assert abs(mean - difference.mean()) < 0.01 and abs(answer.drift - (1 - phi) * mean) < 1e-9
assert np.abs(right).max() < 6 and answer.cycle[-1] > 900
# nothing else is wrong: with the line taken out, all but the start and a constant agree
line = answer.cycle[1:] - (mean - answer.drift) * np.arange(1, STEPS + 1)
assert np.ptp((line - right)[10:]) < 1e-6
PY

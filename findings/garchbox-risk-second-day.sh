#!/usr/bin/env bash
# garchbox 0.1.0: the value at risk of the second day from now on does not know the last return:
# after a crash it is that of the day before the crash.
#
# Packages: garchbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: `ValueAtRisk.monte_carlo(horizon=h)` simulates paths of variance and return from the
# last variance on, and gives a quantile for each day. With exponential weights the expected
# variance stays what it is after the last return, and the quantiles stay about the same.
#
# Happens: no path is simulated. For the first day the variance is that after the last return; for
# all later ones it is a mean of the long-run variance and of `sigma2_last`, which is the variance
# of the last day before its return was seen.
#
# Seen, 499 standard normal returns and then one of -8, EWMA with .94, alpha = .05, days 1 to 5:
#   found                       -3.60  -1.78  -1.78  -1.77  -1.79
#   right, 100,000 paths        -3.63  -3.66  -3.65  -3.64  -3.66
#   right without the crash     -1.71  -1.72  -1.72  -1.71  -1.72
#
# Matters for: limits for more than a day, after just those days for which they are needed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps garchbox==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from archbox.risk.ewma import EWMA
from archbox.risk.var import ValueAtRisk

ALPHA, DECAY, DAYS, PATHS = 0.05, 0.94, 5, 100_000


def quantiles(variance, last):
    """Value at risk of each day by paths of variance and return."""
    rng = np.random.default_rng(1)
    variance = np.full(PATHS, DECAY * variance + (1 - DECAY) * last**2)
    out = []
    for _ in range(DAYS):
        drawn = np.sqrt(variance) * rng.normal(size=PATHS)
        out.append(np.quantile(drawn, ALPHA))
        variance = DECAY * variance + (1 - DECAY) * drawn**2
    return np.array(out)


calm = np.random.default_rng(0).normal(size=499)
returns = np.append(calm, -8.0)
result = EWMA(returns, lam=DECAY).fit()
found = ValueAtRisk(result, alpha=ALPHA).monte_carlo(n_sims=20_000, horizon=DAYS, seed=0)
before = result.conditional_variance[-1]
right, quiet = quantiles(before, -8.0), quantiles(before, 0.0)
print("found", found.round(2))
print("right", right.round(2))
print("right without the crash", quiet.round(2))
assert abs(found[0] / right[0] - 1) < 0.05
assert (np.abs(found[1:] / right[1:]) < 0.6).all()
assert np.allclose(found[1:], -1.6449 * np.sqrt(before), rtol=0.04)
PY

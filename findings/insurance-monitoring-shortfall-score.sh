#!/usr/bin/env bash
# insurance-monitoring 1.2.2: a score that is said to be least for the right value at risk and
# expected shortfall is so only if the mean is 0: with a mean of 1, a shortfall of -21 beats -1.06.
#
# Packages: insurance-monitoring 1.2.2, numpy 2.4.6, scipy 1.17.1, polars 2.1.0, statsmodels 0.15.0,
# sortedcontainers 2.4.0, matplotlib 3.11.2, pandas 2.3.3.
#
# Expected: `fissler_ziegel_score(var, es, y, alpha)` is "strictly consistent", and "minimised at
# the true (VaR_alpha, ES_alpha) in expectation", whatever the distribution of y.
#
# Happens: it counts what is above the value at risk, where Fissler and Ziegel's function counts
# what is below. As (y - x) above is (y - x) and (x - y) below, the difference between the two is
# y / (alpha |es|): nothing on average if the mean of y is 0. If it is positive, the score
# becomes smaller with every larger |es|, up to a balance with its logarithm.
#
# Seen, normal returns with deviation 1, alpha = .05; the best value at risk and shortfall:
#                     right              by the score
#   mean 0            -1.64, -2.06       -1.64, -2.06
#   mean 1            -.64, -1.06        -.64, -21.06     (4.05 there, 19.88 at the right ones)
#   mean -1           -2.64, -3.06       no minimum: -171.7 at -.1, -1698 at -.01
#
# Matters for: comparing windows and forecasts of the tail by this score, as `BAWSMonitor` does.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 polars==2.1.0 statsmodels==0.15.0 sortedcontainers==2.4.0 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-monitoring==1.2.2
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from insurance_monitoring.baws import fissler_ziegel_score
from scipy.optimize import minimize
from scipy.stats import norm

ALPHA, POINTS = 0.05, 20_000
middle = norm.ppf((np.arange(POINTS) + 0.5) / POINTS)


def as_published(var, es, y):
    """Fissler and Ziegel's score of degree 0, for the lower tail."""
    return -1.0 * (y <= var) * (var - y) / (ALPHA * es) + var / es + np.log(-es) - 1


for mean in (0.0, 1.0):
    y = middle + mean
    var = np.quantile(y, ALPHA)
    right = np.array([var, y[y <= var].mean()])
    published = minimize(lambda v: as_published(*v, y).mean(), right * 1.2, method="Nelder-Mead").x
    package = minimize(lambda v: fissler_ziegel_score(*v, y, ALPHA).mean(), right * 1.2, method="Nelder-Mead").x
    scores = [fissler_ziegel_score(*values, y, ALPHA).mean() for values in (package, right)]
    print(f"mean {mean}: right {right.round(2)}, as published {published.round(2)}, by the package's {package.round(2)}; its score there {scores[0]:.2f}, at the right values {scores[1]:.2f}")
    assert np.allclose(published, right, atol=0.02)
    assert np.allclose(package, right, atol=0.02) if mean == 0 else package[1] < -15
y = middle - 1
values = [fissler_ziegel_score(-2.64, es, y, ALPHA).mean() for es in (-3.06, -1.0, -0.1, -0.01)]
print("mean -1, shortfall -3.06, -1, -.1, -.01: score", np.round(values, 1))
assert all(a > b for a, b in zip(values, values[1:]))
PY

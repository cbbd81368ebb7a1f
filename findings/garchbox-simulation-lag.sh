#!/usr/bin/env bash
# garchbox 0.1.0: a simulated return does not change the variance of the next one but that of the
# one after it: squares of an ARCH(1) path are not correlated at lag 1.
#
# Packages: garchbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: `simulate(n, params)` draws from the model: sigma_t^2 = omega + alpha r_(t-1)^2. Squares
# of an ARCH(1) model have autocorrelations alpha, alpha^2, alpha^3, where the fourth moment
# exists, that is for 3 alpha^2 < 1.
#
# Happens: for time t the variances of times 0 to t - 1 are computed from the returns so far, and the
# last of them is taken: sigma_t^2 has r_(t-2). Even and odd times are two paths that know
# nothing of each other.
#
# Seen, omega .6, alpha .4, a right path of 20,000 returns and ten simulated ones of 600,
# autocorrelation of squares at lags 1 to 4, and the alpha that is then fitted:
#   right         .383   .133   .049   .014     .400
#   simulated     .015   .325   .021   .109     .028
#
# Matters for: studies of estimators and of risk on simulated paths: a model does not find itself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps garchbox==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from archbox.models.garch import GARCH

OMEGA, ALPHA, LENGTH = 0.6, 0.4, 20_000
PARAMS = np.array([OMEGA, ALPHA, 0.0])
model = GARCH(np.random.default_rng(0).normal(size=100), p=1, q=1, mean="zero")


def squares(path):
    """Autocorrelations of the squares at lags 1 to 4."""
    return np.array([np.corrcoef(path[:-lag] ** 2, path[lag:] ** 2)[0, 1] for lag in (1, 2, 3, 4)])


def fitted(path):
    """The alpha of an ARCH(1) model with the largest likelihood, omega by the variance."""
    past, now = path[:-1] ** 2, path[1:] ** 2
    grid = np.arange(0.0, 0.9, 0.01)
    variances = [path.var() * (1 - alpha) + alpha * past for alpha in grid]
    return grid[np.argmin([np.mean(np.log(variance) + now / variance) for variance in variances])]


rng = np.random.default_rng(1)
right, variance = np.zeros(LENGTH), OMEGA / (1 - ALPHA)
for t in range(LENGTH):
    right[t] = np.sqrt(variance) * rng.normal()
    variance = OMEGA + ALPHA * right[t] ** 2

SHORT = 600  # each step computes all variances before it
paths = [model.simulate(SHORT, PARAMS, seed=seed) for seed in range(10)]
found = np.mean([squares(path) for path, _ in paths], axis=0)
alphas = np.mean([fitted(path) for path, _ in paths])
print("right    ", squares(right).round(3), "fitted", fitted(right))
print("simulated", found.round(3), "fitted", alphas.round(3))
path, volatility = paths[0]
assert np.allclose(volatility[2:] ** 2, OMEGA + ALPHA * path[:-2] ** 2)
assert not np.allclose(volatility[1:] ** 2, OMEGA + ALPHA * path[:-1] ** 2)
assert squares(right)[0] > 0.3 and abs(found[0]) < 0.05 < 0.25 < found[1]
assert abs(fitted(right) - ALPHA) < 0.05 and alphas < 0.05
PY

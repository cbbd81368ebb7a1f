#!/usr/bin/env bash
# minkf 0.0.5: the log-likelihood has the wrong sign, and one term at twice its weight, so
# that the noise which makes it best is half of the right one.
#
# Packages: minkf 0.0.5, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `run_filter(..., likelihood=True)` returns as `loglike` the "log-likelihood of
# the data": the logarithm of the normal density of all observations together.
#
# Happens: each observation adds half its squared, scaled error plus log det(2 pi C). Minus
# the log-density would be half of both, so this is neither the log-likelihood nor its
# negative nor twice that, and which of two models is better depends on the mistake:
# a single variance is estimated at one half. States and covariances are right.
#
# Seen, random walk with noise, 400 steps:
#   density -698.7860, minkf 1199.2579
#   difference of it from minus the density: half of the sum of log det(2 pi C)
#   white noise of variance 2.25: density is largest at 2.27, loglike smallest at 1.14
#
# Matters for: fitting noise or other parameters with it, which is what it is returned for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check minkf==0.0.5 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import minkf
import numpy as np
from scipy.stats import multivariate_normal, norm

STEPS = 400
rng = np.random.default_rng(0)
ONE = np.eye(1)


def package(seen, walk, noise, start=1.0):
    """loglike, and the predicted observations' variances."""
    found = minkf.run_filter([np.array([y]) for y in seen], np.zeros(1), start * ONE, ONE, ONE, walk * ONE, noise * ONE,
                             likelihood=True, predict_y=True)
    return float(found["loglike"]), np.array([c.item() for c in found["Cyp"]]), found["x"][-1].item()


walk, noise = 0.1, 1.5
steps = np.arange(1, STEPS + 1)
states = 1.0 + walk * np.minimum.outer(steps, steps)
spread = states + noise * np.eye(STEPS)
seen = rng.multivariate_normal(np.zeros(STEPS), spread)
density = multivariate_normal(np.zeros(STEPS), spread).logpdf(seen)
loglike, variances, last = package(seen, walk, noise)
print(f"density {density:.4f}, minkf {loglike:.4f}")
assert abs(last - states[-1] @ np.linalg.solve(spread, seen)) < 1e-8, "the filter itself is right"
assert abs(loglike - (-density + 0.5 * np.log(2 * np.pi * variances).sum())) < 1e-6
assert abs(loglike + density) > 10 and abs(loglike + 2 * density) > 10 and abs(loglike - density) > 10

white = rng.normal(0, 1.5, STEPS)
grid = np.arange(0.5, 4, 0.01)
largest = grid[np.argmax([norm(0, np.sqrt(v)).logpdf(white).sum() for v in grid])]
smallest = grid[np.argmin([package(white, 0.0, v, start=0.0)[0] for v in grid])]
print(f"white noise of variance 2.25: density is largest at {largest:.2f}, loglike smallest at {smallest:.2f}")
assert abs(smallest / largest - 0.5) < 0.01
PY

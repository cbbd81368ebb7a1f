#!/usr/bin/env bash
# aleatory 1.2.4: paths of n points of three processes run for T (n - 1) / n only: with five points a fifth is missing.
#
# Packages: aleatory 1.2.4, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.8, statsmodels 0.14.6,
# ipywidgets 8.1.8.
#
# Expected: `sample(n)` gives n points of the process at the times 0, ..., T. The last one has the mean and the
# variance of `get_marginal(T)`, as it has for Brownian motion and the gamma process.
#
# Happens: n points have n - 1 steps between them, each as long as T / (n - 1), but `VarianceGammaProcess`,
# `InverseGaussian` and `CorrelatedBMs` draw them for a time of T / n.
#
# Seen, T = 1, 20,000 paths, last point divided by what it should be
#   process                              n = 5   n = 10   n = 50
#   variance gamma, mean                  .80      .91     .98
#   variance gamma, variance              .80      .91     .97
#   inverse Gaussian, mean                .80      .90     .98
#   correlated pair, variance             .78      .91     .98
#   Brownian motion, variance            1.00     1.00     .99
#   (n - 1) / n                           .80      .90     .98
#
# Matters for: coarse grids, and whoever compares paths with the marginal that is drawn beside them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.8 \
    statsmodels==0.14.6 ipywidgets==8.1.8
venv/bin/pip install --quiet --disable-pip-version-check --no-deps aleatory==1.2.4
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import matplotlib

matplotlib.use("Agg")
import aleatory.processes as processes
import numpy as np

PATHS = 20_000
print("aleatory", version("aleatory"), "numpy", np.__version__)
rng = np.random.default_rng(0)
np.random.seed(0)
gamma = processes.VarianceGammaProcess(theta=1.0, nu=0.2, sigma=0.5, rng=rng)
inverse = processes.InverseGaussian(rng=rng)
pair = processes.CorrelatedBMs(rho=0.5)
motion = processes.BrownianMotion(rng=rng)


def last(process, points, part=None):
    ends = [process.sample(points) for _ in range(PATHS)]
    assert process.times[0] == 0 and process.times[-1] == process.T == 1 and len(process.times) == points
    return np.array([(path if part is None else path[part])[-1] for path in ends])


def shares(points):
    """Last points' mean or variance, divided by that of the marginal at T (theta T = 1 and sigma^2 + theta^2 nu)."""
    ends = last(gamma, points)
    yield "variance gamma, mean", ends.mean() / gamma.get_marginal(1.0).mean()
    yield "variance gamma, variance", ends.var() / (0.5**2 + 1.0**2 * 0.2)
    yield "inverse Gaussian, mean", last(inverse, points).mean() / inverse.get_marginal(1.0).mean()
    yield "second of a correlated pair, variance", last(pair, points, 1).var()
    yield "Brownian motion, variance", last(motion, points).var()


for points in (5, 10, 50):
    for name, share in shares(points):
        print(f"{points:3} points, {name}: {share:.3f}")
        right = 1 if name.startswith("Brownian") else (points - 1) / points
        assert abs(share - right) < 0.03
PY

#!/usr/bin/env bash
# armagarch 1.0.4: simulated innovations of variance 4 have variance 16, and 26.7 with Student's t: innovations of a
# GARCH model with t are 1.67 times too variable.
#
# Packages: armagarch 1.0.4, numpy 1.26.4, scipy 1.13.1, pandas 2.2.3, statsmodels 0.14.4.
#
# Expected: `tStudent` and `normalDist` have "params - dict with mean and Var". What `simulate` draws has this variance,
# as the density has by which they are fitted: that of t is scaled for it, with nu - 2.
#
# Happens: `Var` is handed over as the scale, the deviation, so that it is squared; and t is drawn as it is, with the
# variance nu / (nu - 2) times the scale's square. `empModel.simulate` takes these for its standardised errors.
#
# Seen, a million numbers; variance of the density in brackets
#   Var    normal      t, 5 degrees    t, 50 degrees
#   1       1.00  (1)   1.67  (1)       1.04  (1)
#   4      16.0   (4)  26.7   (4)      16.7   (4)
#   further than 2 deviations from 0, t with 5 degrees and variance 1: 10.2 %, by the density 4.9 %
#
# Matters for: risk from simulated paths of a fitted model with t: with 5 degrees the variance is 1.67 times too large
# before it feeds back.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.13.1 pandas==2.2.3 \
    statsmodels==0.14.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps armagarch==1.0.4
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import pandas as pd
from armagarch import normalDist, tStudent

COUNT = 10**6
print("armagarch", version("armagarch"), "numpy", np.__version__)
points = np.linspace(-1_000, 1_000, 1_000_001)
width = points[1] - points[0]


def density(distribution, params):
    """Moments of the density of the package's own log-likelihood, by sums over a fine grid."""
    given = {**params, "Var": pd.DataFrame(np.full(len(points), float(params["Var"])))}
    weights = np.exp(-np.asarray(distribution.lls(pd.DataFrame(points), given))).ravel() * width
    return weights.sum(), points**2 @ weights, weights[np.abs(points) > 2 * params["Var"] ** 0.5].sum()


for variance in (1, 4):
    for name, kind, degrees in (("normal", normalDist, None), ("t", tStudent, 5), ("t", tStudent, 50)):
        params = {"Mean": 0, "Var": variance} | ({"other": degrees} if degrees else {})
        np.random.seed(0)
        distribution = kind(params=params)
        drawn = distribution.simulate(COUNT)
        mass, right, beyond = density(distribution, params)
        far = np.mean(np.abs(drawn) > 2 * variance**0.5)
        print(f"Var {variance}, {name} {degrees or ''}: variance {np.var(drawn):.2f}, of the density {right:.3f}; "
              f"beyond 2 deviations {far:.3f}, {beyond:.3f}")
        assert np.isclose(mass, 1, atol=1e-5) and np.isclose(right, variance, rtol=1e-3)
        taken = variance**2 * (degrees / (degrees - 2) if degrees else 1)
        assert np.isclose(np.var(drawn), taken, rtol=0.03)
        if degrees == 5:
            assert np.var(drawn) > 1.6 * variance and far > 1.8 * beyond
PY

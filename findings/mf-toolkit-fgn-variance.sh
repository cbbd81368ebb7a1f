#!/usr/bin/env bash
# mf-toolkit 1.2.1: fractional Gaussian noise has half of its variance and of all its covariances.
#
# Packages: mf-toolkit 1.2.1, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, numba 0.65.1.
#
# Expected: `generate_fgn(H, n_points)` draws fractional Gaussian noise "using the Davies-Harte exact method": with the
# covariance (|k - 1|^(2 H) - 2 |k|^(2 H) + |k + 1|^(2 H)) / 2 that it works out, which is 1 at k = 0.
#
# Happens: both parts of the complex numbers have variance 1, and the real part of their transform is taken, divided
# by the root of twice the length. One of these twos is too many.
#
# Seen, 4,000 series of 256 numbers
#   H     covariance at lags 0, 1 and 5   right                 variance of the sum   right
#   .3    .499   -.121   -.006            1   -.242   -.013       13.8                  27.9
#   .5    .501    .000   -.001            1    0       0         129                   256
#   .8    .496    .254    .124            1    .516    .253    3,439                 7,132
# The same noise drawn from its covariance matrix has the right ones.
# Correlations are right. H = .5 is white noise of variance .5.
#
# Matters for: sums to be fractional Brownian motion, whose variance after n steps is n^(2 H) / 2, noise levels, and
# likelihoods.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 \
    numba==0.65.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mf-toolkit==1.2.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from mftoolkit import generate_fgn

SERIES, COUNT = 4_000, 256
print("mf-toolkit", version("mf-toolkit"), "numpy", np.__version__)
np.random.seed(0)
rng = np.random.default_rng(0)
lags = np.arange(COUNT)
for h in (0.3, 0.5, 0.8):
    covariance = (np.abs(lags - 1.0) ** (2 * h) - 2 * lags ** (2 * h) + (lags + 1.0) ** (2 * h)) / 2
    # The same noise drawn from its covariance matrix.
    root = np.linalg.cholesky(covariance[np.abs(np.subtract.outer(lags, lags))])
    drawn = rng.standard_normal((SERIES, COUNT)) @ root.T
    noise = np.array([generate_fgn(h, COUNT) for _ in range(SERIES)])
    lines = {}
    for name, x in (("package", noise), ("from the matrix", drawn)):
        lines[name] = np.array([(x[:, lag:] * x[:, : COUNT - lag]).mean() for lag in (0, 1, 5)] + [x.sum(1).var()])
    right = np.append(covariance[[0, 1, 5]], float(COUNT) ** (2 * h))
    for name, values in lines.items():
        print(f"H {h}, {name}: lags 0, 1 and 5", *np.round(values[:3], 3), f"sum of all {values[3]:.1f}")
    print(f"H {h}, right: lags 0, 1 and 5", *np.round(right[:3], 3), f"sum of all {right[3]:.1f}")
    assert np.allclose(lines["from the matrix"], right, rtol=0.06, atol=0.02)
    assert np.allclose(lines["package"], right / 2, rtol=0.06, atol=0.02)
PY

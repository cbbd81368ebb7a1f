#!/usr/bin/env bash
# fracdimpy 0.1.5: fractional Brownian motion of a length that is not a power of two is another process.
#
# Packages: fracdimpy 0.1.5, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.8, pillow 12.0.0.
#
# Expected: `generate_fbm_curve(dimension, length)` draws fractional Brownian motion with H = 2 - dimension by the
# method of Davies and Harte, which is exact: neighbouring steps have correlation 2^(2 H - 1) - 1.
#
# Happens: the spectrum is that of a circle of twice the length, and is read off, from its first frequency on, as if
# the circle were the next power of two. Just above a power of two nearly the whole circle is taken for its half:
# power of the lowest frequencies stands at the highest ones as well, and only every other step is correlated.
#
# Seen, correlation of steps one and two apart, 100 curves
#   length    D = 1.2, one   two      D = 1.8, one   two
#   512        .51           .37      -.34           -.04
#   520        .13           .45      -.01           -.33
#   600        .35           .40      -.15           -.23
#   1,000      .51           .36      -.34           -.04
#   1,100      .27           .43      -.08           -.29
#   right      .52           .37      -.34           -.04
#
# Matters for: whoever checks estimators of dimension with curves from here: that of the steps is another one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.8 pillow==12.0.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps fracdimpy==0.1.5
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from fracDimPy import generate_fbm_curve

CURVES = 100
print("fracdimpy", version("fracdimpy"), "numpy", np.__version__)


def covariance(lag, h):
    lag = np.abs(np.asarray(lag, float))
    return (np.abs(lag - 1) ** (2 * h) - 2 * lag ** (2 * h) + (lag + 1) ** (2 * h)) / 2


def correlations(curves):
    steps = np.diff(curves, axis=1)
    return [(steps[:, lag:] * steps[:, :-lag]).mean() / (steps**2).mean() for lag in (1, 2)]


for dimension in (1.2, 1.8):
    h, off = 2 - dimension, {}
    right = covariance([1, 2], h)
    print(f"D {dimension}: right {right[0]:.3f} {right[1]:.3f}")
    for length in (512, 520, 600, 1_000, 1_100):
        found = correlations(np.array([generate_fbm_curve(dimension, length, seed=seed)[0] for seed in range(CURVES)]))
        # The same length drawn from its covariance matrix.
        root = np.linalg.cholesky(covariance(np.subtract.outer(np.arange(length), np.arange(length)), h))
        exact = correlations(np.cumsum(np.random.default_rng(0).standard_normal((CURVES, length)) @ root.T, axis=1))
        off[length] = abs(found[0] - right[0])
        print(f"  length {length:5,}: package {found[0]:.3f} {found[1]:.3f}; from the covariance matrix {exact[0]:.3f} {exact[1]:.3f}")
        assert np.allclose(exact, right, atol=0.03)
    assert off[512] < 0.03 and off[1_000] < 0.03
    assert off[520] > 0.3 and off[600] > 0.13 and off[1_100] > 0.2
PY

#!/usr/bin/env bash
# fluctuationanalysistools 1.11.0: detrended fluctuations are a sum over one window less than it is divided by: a
# quarter is lost at the largest scales.
#
# Packages: fluctuationanalysistools 1.11.0, numpy 2.4.6, scipy 1.17.1, tqdm 4.67.1; built with pandas 2.3.3,
# pybind11 3.0.1, setuptools 80.9.0 and setuptools-scm 8.2.0.
#
# Expected: `dfa` gives F^2(s), the mean over all windows of s numbers of the mean square that is left of the profile
# without its trend.
#
# Happens: of c windows c - 1 are visited, each begun one number late, and the sum is divided by c. F^2 is too small
# by 1 / c: next to nothing for small windows, a fourth for the largest ones that are allowed.
#
# Seen, means of 400 series of 400 numbers of white noise
#   s          20      25      50      80      99
#   windows    20      16       8       5       4
#   F^2        .80     .99    1.86    2.71    3.14
#   right      .84    1.06    2.12    3.40    4.20
#   ratio      .95     .94     .88     .80     .75
# The exponent of white noise is .43 instead of .50, from these five.
#
# Matters for: exponents of short series, all of which come out too small, and comparisons of lengths.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 tqdm==4.67.1 pandas==2.3.3 pybind11==3.0.1 setuptools==80.9.0 setuptools-scm==8.2.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation fluctuationanalysistools==1.11.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from StatTools.analysis.dfa import dfa

LENGTH, SERIES, SIZES, DEGREE = 400, 400, [20, 25, 50, 80, 99], 2
print("fluctuationanalysistools", version("fluctuationanalysistools"), "numpy", np.__version__)


def left(windows):
    """Mean squares of the rows of `windows` without their polynomials."""
    basis = np.linalg.qr(np.vander(np.linspace(-1, 1, windows.shape[1]), DEGREE + 1))[0]
    return ((windows - windows @ basis @ basis.T) ** 2).mean(1)


noise = np.random.default_rng(0).standard_normal((SERIES, LENGTH))
scales, found = dfa(noise, degree=DEGREE, s_values=SIZES)
assert list(scales) == SIZES
profiles = np.cumsum(noise - noise.mean(1, keepdims=True), axis=1)
means = []
for at, size in enumerate(SIZES):
    count = LENGTH // size
    right = np.array([left(p[: count * size].reshape(count, size)).mean() for p in profiles])
    late = np.array([left(p[1 : 1 + (count - 1) * size].reshape(count - 1, size)).sum() / count for p in profiles])
    assert np.allclose(late, found[:, at])
    means.append((found[:, at].mean(), right.mean()))
    print(f"s {size:3d}, {count:2d} windows: F^2 {means[-1][0]:.3f}, right {means[-1][1]:.3f}, ratio {means[-1][0] / means[-1][1]:.3f}; 1 - 1 / c {1 - 1 / count:.3f}")
    assert abs(means[-1][0] / means[-1][1] - (1 - 1 / count)) < 0.03
slopes = np.polyfit(np.log(SIZES), np.log(means), 1)[0] / 2
print(f"exponent {slopes[0]:.3f}, with all windows {slopes[1]:.3f}")
assert slopes[1] - slopes[0] > 0.05 and abs(slopes[1] - 0.5) < 0.03
PY

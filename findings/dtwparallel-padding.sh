#!/usr/bin/env bash
# dtwParallel 0.9.41: series that are padded to a common length are an infinite distance apart within any band; without
# one the distance is divided by the root of both lengths.
#
# Packages: dtwParallel 0.9.41, numpy 2.4.6, numba 0.68.1, scipy 1.17.1, pandas 3.1.1, matplotlib 3.11.2,
# seaborn 0.13.2, gower 0.1.2, joblib 1.6.0, setuptools 84.2.1.
#
# Expected: `regular_flag` is the "value used to complete irregular MTS. This value is removed transparently to
# the user" (its documentation): a padded series is at the distance at which it is without its padding.
#
# Happens: the band (Sakoe-Chiba or Itakura) is made for the padded lengths, and leads past the end of the shorter
# series: what is at its last point is the infinity that was there before. And with a flag each distance is
# divided by sqrt(n m), also between series that have no padding; the documentation has no word of it.
#
# Seen, dependent DTW of two series of two numbers, 10 and 6 steps, the second padded to 10 with -8
#                               padded      not padded (is right)
#   no band                     1.1324      8.7715 (7.746 times as much, the root of 60)
#   Sakoe-Chiba, radius 1       infinite    8.7715
#   Sakoe-Chiba, radius 3       infinite    8.7715
#   Itakura                     infinite    9.9425
#   10 and 10 steps, the flag nowhere in the data: 1.6975, without a flag 16.975
#
# Matters for: matrices of distances between sequences of unequal lengths, which are made this way.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 numba==0.68.1 scipy==1.17.1 pandas==3.1.1 matplotlib==3.11.2 seaborn==0.13.2 gower==0.1.2 joblib==1.6.0 setuptools==84.2.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dtwParallel==0.9.41
venv/bin/python -W ignore - <<'PY'
import functools

import numpy as np
from dtwParallel import dtw_functions

FLAG = -8.0
rng = np.random.default_rng(0)
long, short, other = rng.standard_normal((10, 2)), rng.standard_normal((6, 2)), rng.standard_normal((10, 2))
padded = np.vstack([short, np.full((4, 2), FLAG)])


def right(x, y):
    """Least sum of Euclidean distances over all warping paths."""

    @functools.cache
    def rest(i, j):
        steps = [(a, b) for a, b in ((i + 1, j), (i, j + 1), (i + 1, j + 1)) if a < len(x) and b < len(y)]
        return float(np.linalg.norm(x[i] - y[j])) + min((rest(a, b) for a, b in steps), default=0.0)

    return rest(0, 0)


def told(x, y, flag=0, **band):
    return float(dtw_functions.dtw(x, y, type_dtw="d", MTS=True, local_dissimilarity="norm2", regular_flag=flag, **band))


bands = {"no band": {}, "Itakura": {"constrained_path_search": "itakura"}}
bands |= {f"radius {r}": {"constrained_path_search": "sakoe_chiba", "sakoe_chiba_radius": r} for r in (1, 3)}
for name, band in bands.items():
    found, plain = told(long, padded, FLAG, **band), told(long, short, **band)
    print(f"{name}: padded {found:.4f}, not padded {plain:.4f}, least of all paths {right(long, short):.4f}")
    assert np.isfinite(plain) and plain >= right(long, short) - 1e-9
    if band:
        assert np.isinf(found)
    else:
        assert abs(plain - right(long, short)) < 1e-9 and abs(found - plain / np.sqrt(60)) < 1e-9
found, plain = told(long, other, FLAG), told(long, other)
print(f"no padding: with a flag {found:.4f}, without {plain:.4f}, right {right(long, other):.4f}")
assert abs(plain - right(long, other)) < 1e-9 and abs(found - plain / 10) < 1e-9
PY

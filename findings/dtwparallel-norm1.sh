#!/usr/bin/env bash
# dtwParallel 0.9.41: the distance "norm1" is the root of the 1-norm: 12.24 where 18 is right, and other pairs of
# points are matched.
#
# Packages: dtwParallel 0.9.41, numpy 2.4.6, numba 0.68.1, scipy 1.17.1, pandas 3.1.1, matplotlib 3.11.2,
# seaborn 0.13.2, gower 0.1.2, joblib 1.6.0, setuptools 84.2.1.
#
# Expected: `local_dissimilarity="norm1"` is "norm 1 (l1)" (its documentation), the sum of absolute differences, a
# fast way to what scipy's cityblock gives. Of single numbers all norms are the absolute difference.
#
# Happens: a root is drawn of the sum. A difference of 4 counts 2, and one of a quarter counts a half: the
# costs are no norm any more, large differences are hardly worse than small ones, and the path changes.
#
# Seen, the documentation's series 2 4 6 8 1 0 0 1 5 15 and 1 0 0 1 5 6 1 0 9 11
#   norm1 12.24, norm2 18, cityblock 18, every path tried: 18; with all numbers times 100: norm1 122.4, others 1800
#   nearest of two series to 0 0 0 0: norm1 says 0 0 0 9, the 1-norm says 1 1 1 1 (times 4 and 3; right 9 and 4)
#
# Matters for: nearest neighbours and kernels by DTW: what is near by "norm1" is another series.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 numba==0.68.1 scipy==1.17.1 pandas==3.1.1 matplotlib==3.11.2 seaborn==0.13.2 gower==0.1.2 joblib==1.6.0 setuptools==84.2.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dtwParallel==0.9.41
venv/bin/python -W ignore - <<'PY'
import functools

from dtwParallel import dtw_functions
from scipy.spatial.distance import cityblock

X, Y = [2, 4, 6, 8, 1, 0, 0, 1, 5, 15], [1, 0, 0, 1, 5, 6, 1, 0, 9, 11]


def right(x, y):
    """Least sum of absolute differences over all warping paths."""

    @functools.cache
    def rest(i, j):
        steps = [(a, b) for a, b in ((i + 1, j), (i, j + 1), (i + 1, j + 1)) if a < len(x) and b < len(y)]
        return abs(x[i] - y[j]) + min((rest(a, b) for a, b in steps), default=0)

    return rest(0, 0)


def told(x, y, kind="norm1"):
    return float(dtw_functions.dtw(x, y, local_dissimilarity=kind))


for factor in (1, 100):
    x, y = [factor * a for a in X], [factor * b for b in Y]
    print(f"times {factor}: norm1 {told(x, y):.2f}, norm2 {told(x, y, 'norm2'):.2f}, cityblock {told(x, y, cityblock):.2f}, right {right(x, y)}")
    assert told(x, y, "norm2") == told(x, y, cityblock) == right(x, y) == 18 * factor
assert abs(told(X, Y) - 12.2426) < 1e-3
assert abs(told([100 * a for a in X], [100 * b for b in Y]) - 122.426) < 1e-2  # ten times as large, for a hundred times

zeros, jump, level = [0, 0, 0, 0], [0, 0, 0, 9], [1, 1, 1, 1]
print("to zeros:", told(zeros, jump), told(zeros, level), "right", right(zeros, jump), right(zeros, level))
assert (told(zeros, jump), told(zeros, level)) == (3, 4) and (right(zeros, jump), right(zeros, level)) == (9, 4)
PY

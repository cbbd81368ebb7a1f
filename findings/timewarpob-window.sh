#!/usr/bin/env bash
# timeWarpOB 1.1.1: a window of dynamic time warping does not change the cost: it is that of a warp without one.
#
# Packages: timeWarpOB 1.1.1, numpy 2.4.6 (matplotlib, which it requires, is only for plots).
#
# Expected: `timeWarp(a, b, window=w)["cost"]` is the cost of the best warping path with |i - j| < w. A window of 1
# leaves the diagonal alone, and so the sum of |a[i] - b[i]|. (That it equals the cost of the path that is traced back
# is said for no window only.)
#
# Happens: costs are worked out for the whole matrix, and those out of the window are put to infinity afterwards. The
# last one, which is returned, has come from paths of any kind. The path that is traced back then follows costs of
# paths that are not allowed, and is not the best one within the window.
#
# Seen, two sines of 60 numbers, the second one 8 steps late and slower
#   window   cost    right   cost of the path that is returned
#   0        12.7    12.7    12.7      (no window)
#   1        12.7    54.4    54.4
#   3        12.7    47.1    47.5
#   6        12.7    34.4    34.9
# 300 pairs of random walks of 30 numbers, window 4: the cost is that without a window for all, too small in 87 %, and
# the path costs more than the best one in 37 %.
#
# Matters for: nearest neighbours under a band, for which windows are there: distances are the unrestricted ones.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps timeWarpOB==1.1.1
venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
from timeWarpOB import timeWarp

print("timeWarpOB", version("timeWarpOB"), "numpy", np.__version__)


def best(a, b, window):
    """Cost of the best path, of which no pair may be `window` apart (0: any may)."""
    costs = np.full((len(a) + 1, len(b) + 1), np.inf)
    costs[0, 0] = 0
    for i in range(len(a)):
        for j in range(len(b)):
            if not window or abs(i - j) < window:
                costs[i + 1, j + 1] = abs(a[i] - b[j]) + min(costs[i, j], costs[i, j + 1], costs[i + 1, j])
    return costs[-1, -1]


time = np.arange(60)
a, b = np.sin(time / 6), np.sin((time - 8) / 6.5)
for window in (0, 1, 3, 6):
    found, right = timeWarp(a, b, window=window), best(a, b, window)
    print(f"window {window}: cost {found['cost']:.3f}, right {right:.3f}, path {found['backTraceCost']:.3f}")
    assert np.isclose(found["cost"], best(a, b, 0)) and (window == 0) == np.isclose(found["cost"], right)
assert np.isclose(best(a, b, 1), np.abs(a - b).sum())

rng = np.random.default_rng(0)
too_small = longer = 0
for _ in range(300):
    a, b = np.cumsum(rng.standard_normal((2, 30)), axis=1)
    found, right = timeWarp(a, b, window=4), best(a, b, 4)
    assert np.isclose(found["cost"], best(a, b, 0))
    too_small += found["cost"] < right - 1e-9
    longer += found["backTraceCost"] > right + 1e-9
print(f"random walks, window 4: cost too small in {too_small / 300:.3f}, path not the best one in {longer / 300:.3f}")
assert too_small > 200 and longer > 20
PY

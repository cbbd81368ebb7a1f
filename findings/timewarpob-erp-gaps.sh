#!/usr/bin/env bash
# timeWarpOB 1.1.1: edit distance with real penalty takes a gap's cost from another number: 5 1 0 and 5 5 5 have
# distance 0.
#
# Packages: timeWarpOB 1.1.1, numpy 2.4.6 (matplotlib, which it requires, is only for plots).
#
# Expected: `timeWarp(a, b, method="ERP", ERPg=g)` is the edit distance with real penalty of Chen and Ng (2004): a
# number that has no partner costs its distance from g. It is a metric, so that ERP(a, b) = ERP(b, a).
#
# Happens: when b[j] is left out, the cost is that of b[i], the number in the row of a. In the first row and column, in
# which all numbers but one are left out, the penalty is | |a[i] - b[0]| - g |, and for a pair in the corner there is
# no choice at all.
#
# Seen
#   a = 5, 1, 0 and b = 5, 5, 5, g = 0: ERP(a, b) = 1 and ERP(b, a) = 0; both are 9
#   500 pairs of 8 whole numbers from 0 to 9, g = 0, right distances 17 on average
#     wrong for 77 %, by up to 13; below the right distance for 47 %; another one the other way round for 80 %
#
# Matters for: nearest neighbours, and indexes that rest on the triangle inequality, for which this distance is made.
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


def erp(a, b, g=0):
    """By definition: pairs cost their difference, numbers that are left out their distance from g."""
    costs = np.zeros((len(a) + 1, len(b) + 1))
    costs[1:, 0], costs[0, 1:] = np.cumsum(np.abs(a - g)), np.cumsum(np.abs(b - g))
    for i in range(len(a)):
        for j in range(len(b)):
            costs[i + 1, j + 1] = min(costs[i, j] + abs(a[i] - b[j]), costs[i, j + 1] + abs(a[i] - g), costs[i + 1, j] + abs(b[j] - g))
    return costs[-1, -1]


def package(a, b):
    return timeWarp(a, b, method="ERP", ERPg=0)["cost"]


a, b = np.array([5.0, 1, 0]), np.array([5.0, 5, 5])
print(f"example: {package(a, b)} and {package(b, a)}, by definition {erp(a, b)} and {erp(b, a)}")
assert erp(a, b) == erp(b, a) == 9 and package(a, b) == 1 and package(b, a) == 0

rng = np.random.default_rng(0)
rows = []
for _ in range(500):
    a, b = rng.integers(0, 10, (2, 8)).astype(float)
    rows.append((package(a, b), package(b, a), erp(a, b), erp(b, a)))
ab, ba, right, right_ba = np.array(rows).T
assert np.array_equal(right, right_ba)
wrong, other, below = (ab != right).mean(), (ab != ba).mean(), (ab < right).mean()
print(f"random: wrong {wrong:.3f}, by up to {np.abs(ab - right).max():.0f}; below {below:.3f}; other the other way round {other:.3f}; right {right.mean():.1f} on average")
assert wrong > 0.5 and other > 0.5 and below > 0.3
PY

#!/usr/bin/env bash
# fastchange 1.0.2: PELT, called exact, does not weigh changes in the last steps: the shortest segments are not found.
#
# Packages: fastchange 1.0.2, numpy 2.3.5, numba 0.62.1.
#
# Expected: "Exact method for detecting multiple change points": the segmentation with the least cost, among all whose
# segments have at least `min_len` numbers (1 unless told otherwise). Pruning leaves out only what cannot win.
#
# Happens: at every step one new place for the last change is let in, and it is two steps older than `min_len` allows.
# So a segment of `min_len` or `min_len` + 1 numbers is only found where an older candidate stands by chance. A change
# right after the first `min_len` numbers is found and then left out of the answer.
#
# Seen, a level of 5 within noise of deviation .1 about 0, changes in the mean, penalty 4; cost of the answer:
#                                      exact          package
#   10 numbers, then 2 at 5            [10]     4.1   [9]        21.4
#   10 numbers, 2 at 5, 10 numbers     [10, 12] 8.2   [9, 12]    25.5
#   10, 2 at 5, 10, min_len 2          [10, 12] 8.2   [8, 12]    33.8
#   1 at 5, then 10 numbers            [1]      4.1   []         22.9
#   10, 5 at 5, 10 numbers             the same
#
# Matters for: short segments and outliers, and whatever takes PELT for the exact minimum.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.3.5 numba==0.62.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps fastchange==1.0.2
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from fastchange.costs.normal import NormalMeanCost
from fastchange.seg.pelt import PeltSeg

PENALTY = 4.0
print("fastchange", version("fastchange"), "numpy", np.__version__, "numba", version("numba"))


def cost(piece):
    return ((piece - piece.mean()) ** 2).sum()


def total(numbers, changes):
    """Cost of a segmentation."""
    ends = [0, *changes, len(numbers)]
    return sum(cost(numbers[a:b]) for a, b in zip(ends, ends[1:])) + PENALTY * len(changes)


def exact(numbers, least):
    """Changes of the segmentation that costs least, by all places for the last change."""
    best = [(-PENALTY, [])] + [(np.inf, [])] * len(numbers)
    for end in range(least, len(numbers) + 1):
        for start in range(end - least + 1):
            value = best[start][0] + cost(numbers[start:end]) + PENALTY
            if value < best[end][0]:
                best[end] = value, best[start][1] + ([start] if start else [])
    return best[-1][1]


def compare(least, *pieces):
    """Least cost, and that of the package's answer."""
    levels = np.concatenate([np.full(length, level) for length, level in pieces])
    numbers = levels + 0.1 * np.random.default_rng(0).normal(size=len(levels))
    right = exact(numbers, least)
    found = [int(at) for at in PeltSeg(NormalMeanCost(), penalty=PENALTY, min_len=least).fit(numbers).predict()]
    print(least, [length for length, _ in pieces], f"exact {right} {total(numbers, right):.1f}",
          f"package {found} {total(numbers, found):.1f}")
    return total(numbers, right), total(numbers, found)


for least, *pieces in (
    (1, (10, 0.0), (2, 5.0)),
    (1, (10, 0.0), (2, 5.0), (10, 0.0)),
    (2, (10, 0.0), (2, 5.0), (10, 0.0)),
    (1, (1, 5.0), (10, 0.0)),
):
    right, found = compare(least, *pieces)
    assert found > right + 10
right, found = compare(1, (10, 0.0), (5, 5.0), (10, 0.0))
assert abs(right - found) < 1e-6
PY

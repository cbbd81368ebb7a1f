#!/usr/bin/env bash
# pybasicdtw 0.1.0: the weight of a step multiplies the cost of the whole path before it.
#
# Packages: pybasicdtw 0.1.0, numpy 2.4.6.
#
# Expected: `stepWeights` are the usual weights of dynamic time warping: a step of weight w costs w times the local
# cost of where it leads. Weights of 2 for all steps double every path's cost and leave the best one the same.
#
# Happens: a cell is w times the accumulated cost of the cell before, and its own local cost once. Besides, the cell
# before is chosen without any weight, and the weights are counted off in the order of the cost matrix, not in the
# order of `stepPattern`. Costs grow like w to the length.
#
# Seen, cost of the best of all paths and `accumulatedCost` at the end, series of 4, 6 and 8 normal numbers:
#   all weights 1     7.31     7.31       4.76     4.76       6.95      6.95
#   all weights 2    14.62    39.35       9.51   130.80      13.89    460.06
#   2, 1, 1          12.97    39.35       8.67    23.04      11.45     22.71
#
# Matters for: the symmetric weights 2, 1, 1 of Sakoe and Chiba, and comparing series of different lengths.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pybasicdtw==0.1.0 numpy==2.4.6
venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
from pybasicdtw.dtw import DTW

STEPS = ((1, 1), (1, 0), (0, 1))
print("pybasicdtw", version("pybasicdtw"), "numpy", np.__version__)


def paths(i, j):
    """Every path from the corner to a cell."""
    if (i, j) == (0, 0):
        yield [(0, 0)]
        return
    for down, right in STEPS:
        if i >= down and j >= right:
            for path in paths(i - down, j - right):
                yield [*path, (i, j)]


def best(costs, weights):
    """Cost of the best path; the first cell has the weight of a diagonal step."""
    weigh = dict(zip(STEPS, weights))

    def cost(path):
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(path, path[1:])]
        return weights[0] * costs[0, 0] + sum(weigh[step] * costs[cell] for step, cell in zip(steps, path[1:]))

    return min(map(cost, paths(len(costs) - 1, len(costs[0]) - 1)))


for length, factor in ((4, 2), (6, 10), (8, 20)):
    rng = np.random.default_rng(0)
    series = None
    for size in (3, 4, 5, 6, 7, 8):
        series = rng.normal(size=(size, 1)), rng.normal(size=(size, 1))
        if size == length:
            break
    first, second = series
    costs = (first - second.T) ** 2
    for weights in ((1, 1, 1), (2, 2, 2), (2, 1, 1)):
        right = best(costs, weights)
        found = DTW(first, second, stepWeights=np.array(weights, float)).accumulatedCost[-1, -1]
        print(length, "numbers, weights", weights, f"best path {right:.2f} package {found:.2f}")
        if weights == (1, 1, 1):
            assert abs(found - right) < 1e-9
        if weights == (2, 2, 2):
            assert found > factor * right
        if weights == (2, 1, 1):
            assert found > 1.5 * right
PY

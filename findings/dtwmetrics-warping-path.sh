#!/usr/bin/env bash
# dtwmetrics 0.1.2: the optimal warping path ends outside of the sequences, without their last
# pair of points, and does not cost what the matrix says.
#
# Packages: dtwmetrics 0.1.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: a warping path (Müller 2007) goes from the first pair to the last in steps of
# (1, 0), (0, 1) or (1, 1); the costs along the optimal one add up to the last entry of the
# accumulated cost matrix. For two equal sequences it is the diagonal.
#
# Happens: the way back writes down where it stands after each step, counted from 0, and the
# two ends by hand, the last one counted from 1; and it never takes the first row or column
# as such: from index 1 on it goes straight down to 0.
#
# Seen, 0 1 2 3 4 against itself:
#   right     (0,0) (1,1) (2,2) (3,3) (4,4)        cost 0, as the matrix says
#   found     (0,0) (0,1) (1,1) (2,2) (3,3) (5,5)  without (4,4), and there is no index 5
#   200 pairs of random sequences: all paths end outside, and with the end put right all
#   cost something else than the matrix says
#
# Matters for: warped sequences (`warped_sequence`), which lack the last value of the query.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dtwmetrics==0.1.2
venv/bin/python - <<'PY'
import numpy as np
from dtwmetrics.dtwmetrics import DTWMetrics

dtw = DTWMetrics()


def least(costs):
    """The least sum of costs along a warping path."""
    total = np.full((costs.shape[0] + 1, costs.shape[1] + 1), np.inf)
    total[0, 0] = 0
    for i, row in enumerate(costs, 1):
        for j, cost in enumerate(row, 1):
            total[i, j] = cost + min(total[i - 1, j], total[i, j - 1], total[i - 1, j - 1])
    return total[-1, -1]


equal = np.arange(5.0)
costs, accumulated, path, warped = dtw.dtwm(equal, equal)
print("0 1 2 3 4 against itself:", *map(tuple, path.tolist()), " cost by the matrix", accumulated[-1, -1])
assert accumulated[-1, -1] == 0
assert path.tolist() == [[0, 0], [0, 1], [1, 1], [2, 2], [3, 3], [5, 5]]
print("warped query:", *(value for _, value in warped))
assert 4 not in [value for _, value in warped]

rng = np.random.default_rng(0)
outside = differ = 0
for _ in range(200):
    reference, query = rng.normal(size=8), rng.normal(size=8)
    costs, accumulated, path, _ = dtw.dtwm(reference, query)
    assert np.isclose(accumulated[-1, -1], least(costs))
    outside += path.max() > 7
    pairs = [(i, j) for j, i in path.tolist()[:-1]] + [(7, 7)]  # columns are (query, reference); the last pair put right
    differ += not np.isclose(sum(costs[pair] for pair in pairs), accumulated[-1, -1])
print(f"200 random pairs: {outside} paths end outside, {differ} cost something else than the matrix says")
assert outside == differ == 200
PY

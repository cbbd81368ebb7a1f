#!/usr/bin/env bash
# chronobox 0.1.0: the dates of two breaks are three dates, and a series of one level has two
# breaks twice as often as it should.
#
# Packages: chronobox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `bai_perron_test` splits a series into m + 1 segments for each m up to
# `max_breaks`, those with the least sum of squares, and takes the m of the best information
# criterion; `break_dates` has `n_breaks` dates.
#
# Happens: from m = 2 on, dynamic programming has split the whole series m times, and then a
# last segment is cut off once more. The sum of squares is that of m + 1 breaks, and the
# criterion and F statistic count it as m. A single break is searched for by itself and is right.
#
# Seen:
#   120 numbers around 0, then 3, then -1, 40 each: `n_breaks` 2, `break_dates` 18, 40 and 80;
#     by trying all pairs of dates 40 and 80
#   100 numbers of one level, 100 times, with two breaks at most: two are found in 39,
#     by the same criterion with the sums of squares of all pairs of dates in 14
#
# Matters for: how many regimes a series has, and where they begin.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chronobox==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from chronobox.tests_stat.structural_breaks.bai_perron import bai_perron_test


def best(y, breaks, least):
    """Least sum of squares with 0, 1 or 2 breaks, and the dates, by trying all."""
    n, ends = len(y), {0: [[]], 1: [[a] for a in range(least, len(y) - least + 1)]}
    ends[2] = [[a, b] for [a] in ends[1] for b in range(a + least, n - least + 1)]
    first, second = np.r_[0, np.cumsum(y)], np.r_[0, np.cumsum(y**2)]

    def cost(dates):
        edges = [0, *dates, n]
        return sum(second[b] - second[a] - (first[b] - first[a]) ** 2 / (b - a) for a, b in zip(edges, edges[1:]))

    return min((cost(dates), dates) for dates in ends[breaks])


def right(y, least):
    """Number of breaks, up to two, by the criterion that the package uses."""
    n = len(y)
    return min(range(3), key=lambda m: n * np.log(best(y, m, least)[0] / n) + (m + 1) * np.log(n))


rng = np.random.default_rng(0)
y = np.repeat([0.0, 3.0, -1.0], 40) + 0.5 * rng.normal(size=120)
info = bai_perron_test(y).additional_info
print(f"three levels: n_breaks {info['n_breaks']}, break_dates {info['break_dates']}; by trying all {best(y, 2, 18)[1]}")
assert info["n_breaks"] == 2 and len(info["break_dates"]) == 3
assert best(y, 2, 18)[1] == [40, 80] and right(y, 18) == 2

found, expected = [], []
for _ in range(100):
    y = rng.normal(size=100)
    found.append(bai_perron_test(y, max_breaks=2).additional_info["n_breaks"])
    expected.append(right(y, 15))
    once = bai_perron_test(y, max_breaks=1).additional_info["break_dates"]
    assert not once or once == best(y, 1, 15)[1]
print(f"one level, 100 times: two breaks in {found.count(2)}, by trying all in {expected.count(2)}")
assert found.count(2) > 1.5 * expected.count(2)
PY

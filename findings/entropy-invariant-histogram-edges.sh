#!/usr/bin/env bash
# entropy-invariant 2.3.0: numbers on the edge of a bin fall to the right in one dimension and
# to the left in two: independent counts share a nat of information, or minus one.
#
# Packages: entropy-invariant 2.3.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `mutual_information(X, Y, method="histogram")` is H(X) + H(Y) - H(X, Y) of one
# table: not below 0, and about 0 for independent numbers. Bins are "left-inclusive,
# right-exclusive".
#
# Happens: that is how one-dimensional bins are; the tables of two and three dimensions are
# filled with bins that include their right edge. Numbers between edges are counted alike;
# whole numbers may lie on edges: 0 to 10 in the ten bins of the default do, all of them.
#
# Seen, 2,000 independent pairs of 0 to 10, nats (a table of all eleven values 0.02 and 0.03):
#   mostly 0 and 1, shares .40 .40 .02 ...     mutual information  1.07
#   mostly 9 and 10, shares ... .02 .40 .40    mutual information -1.03
#   the same plus noise of 0.001               0.02, 0.02
#
# Matters for: scores, counts, percentages in steps; conditional mutual information too.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps entropy-invariant==2.3.0
venv/bin/python - <<'PY'
import numpy as np
from entropy_invariant import mutual_information

PAIRS = 2_000
rng = np.random.default_rng(0)
few = np.full(11, 0.2 / 9)
shares = few.copy()
shares[:2] = 0.4


def of_all_values(x, y):
    """The mutual information of the table of all values."""
    table = np.histogram2d(x, y, bins=np.arange(12) - 0.5)[0] / len(x)
    apart = np.outer(table.sum(1), table.sum(0))
    seen = table > 0
    return (table[seen] * np.log(table[seen] / apart[seen])).sum()


for name, p, sign in (("mostly 0 and 1", shares, 1), ("mostly 9 and 10", shares[::-1], -1)):
    x, y = rng.choice(11, (2, PAIRS), p=p).astype(float)
    x[:2], y[:2] = (0, 10), (10, 0)  # both ends are there, so that edges are whole numbers
    found = mutual_information(x, y, method="histogram")
    noisy = mutual_information(x + 1e-3 * rng.random(PAIRS), y + 1e-3 * rng.random(PAIRS), method="histogram")
    print(f"{name:16} all values {of_all_values(x, y):.3f}  found {found:.3f}  with noise {noisy:.3f}")
    assert of_all_values(x, y) < 0.05 and abs(noisy) < 0.05
    # two margins in which one pair of neighbours is one bin, less the table in which another pair is
    q = np.sort(p)
    together = -0.8 * np.log(0.8) + 0.8 * np.log(0.4)
    rare = -2 * q[0] * np.log(2 * q[0]) + 2 * q[0] * np.log(q[0])
    assert abs(found - sign * 2 * (rare - together)) < 0.15 and sign * found > 0.5
PY

#!/usr/bin/env bash
# metricspace 1.2.0: the Treves-Panzeri correction of a mutual information is 0 for every table: independent answers
# keep 0.12 bits.
#
# Packages: metricspace 1.2.0, numba 0.68.1, pandas 3.1.1, numpy 2.4.6.
#
# Expected: `tblxbi(table, "tr")` is the "Treves-Panzeri or jackknife bias correction to be added to the naive
# transinformation estimate, in bits": with R rows, C columns and N counts -(R - 1)(C - 1) / (2 N ln 2).
#
# Happens: the number of bins is the length of an array of shape (1, bins), which is 1, so that each entropy has a
# bias of (1 - 1) / (2 N ln 2). Only bins that were seen are counted right, which the default does not ask for. And
# `histbi(counts, "tp")` is None: it is not its argument that is compared with "tp".
#
# Seen, tables of 4 by 4 of 60 independent counts; bits, means of 2000
#   naive                          0.123
#   correction, default            0.000        right -0.108
#   correction, all bins           0.000        right -0.108
#   correction, bins that are seen: -0.104
#   histtpbi of 5 3 0 2            all bins 0 (right 0.216), bins that are seen 0.144 (right)
#
# Matters for: information in spike trains by their metric, for which this is made: it is found where there is none.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numba==0.68.1 pandas==3.1.1 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps metricspace==1.2.0
venv/bin/python -W ignore - <<'PY'
import math

import metricspace
import numpy as np

SIZE, COUNTS, TABLES = 4, 60, 2000
rng = np.random.default_rng(0)


def entropy(counts):
    p = counts[counts > 0] / counts.sum()
    return float(-(p * np.log2(p)).sum())


naive, found, whole, seen = [], [], [], []
for _ in range(TABLES):
    table = np.zeros((SIZE, SIZE), int)
    np.add.at(table, (rng.integers(0, SIZE, COUNTS), rng.integers(0, SIZE, COUNTS)), 1)
    naive.append(entropy(table.sum(0)) + entropy(table.sum(1)) - entropy(table.ravel()))
    found.append(metricspace.tblxbi(table, "tr"))
    whole.append(metricspace.tblxbi(table, "tr", 1))
    seen.append(metricspace.tblxbi(table, "tr", -1))
right = -((SIZE - 1) ** 2) / (2 * COUNTS * math.log(2))
print(f"naive {np.mean(naive):.3f}, correction {np.mean(found):.3f}, all bins {np.mean(whole):.3f}, seen {np.mean(seen):.3f}, right {right:.3f}")
assert not np.any(found) and not np.any(whole)
assert abs(np.mean(naive) + right) < 0.02  # the information is 0

counts = np.array([5, 3, 0, 2])
by_formula = {useall: (bins - 1) / (2 * counts.sum() * math.log(2)) for useall, bins in ((0, 3), (1, 4))}
told = {useall: float(metricspace.histtpbi(counts, useall)) for useall in (0, 1)}
print("histtpbi", told, "right", by_formula, "histbi", metricspace.histbi(counts, "tp"))
assert abs(told[0] - by_formula[0]) < 1e-9 and told[1] == 0 and by_formula[1] > 0.2
assert metricspace.histbi(counts, "tp") is None
PY

#!/usr/bin/env bash
# bspline-mutual-information 1.0.0: every missing value adds to the mutual information.
#
# Packages: bspline-mutual-information 1.0.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: pairs in which a value is NaN are left out ("both values must not be NaN"), and
# the estimate is that of the others: 0 for independent numbers. `min_def` is "the minimal
# number of positions" that must be defined in both, or else None is returned.
#
# Happens: the table of pairs is divided by the number of all pairs, so that it sums to the
# share of complete ones, while its margins sum to 1. And `min_def` is compared with 1
# divided by the number of pairs: every number from 1 on gives None for complete data.
#
# Seen, 10,000 independent pairs in 10 bins, bits (complete pairs alone: 0.00 to 0.05):
#   missing in one of the two   none 0.005   10 % 0.550   50 % 2.858   90 % 5.617
#   largest value that two variables in 10 bins can have: 3.322
#   complete data, min_def = 1: None
#
# Matters for: networks from measurements with gaps: the edges are where the gaps are.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bspline-mutual-information==1.0.0
venv/bin/python - <<'PY'
import numpy as np
from bspline_mutual_information import mutual_information

PAIRS, BINS = 10_000, 10
rng = np.random.default_rng(0)
x, y = rng.random((2, PAIRS))
found = {}
for missing in (0, 0.1, 0.5, 0.9):
    gaps = np.where(rng.random(PAIRS) < missing, np.nan, y)
    complete = ~np.isnan(gaps)
    found[missing], right = mutual_information(x, gaps, bins=BINS), mutual_information(x[complete], y[complete], bins=BINS)
    print(f"{missing:4.0%} missing: complete pairs {right:.3f}  with NaN {found[missing]:.3f} bits")
    assert right < 0.1
    # what margins that sum to 1 and a table that sums to c come to, independent and uniform
    c = complete.mean()
    assert abs(found[missing] - (2 * np.log2(BINS) - c * 2 * np.log2(BINS) + c * np.log2(c))) < 0.1
assert found[0.9] > np.log2(BINS), "more than a variable of ten values can tell"
print("complete data, min_def = 1:", mutual_information(x, y, bins=BINS, min_def=1))
assert mutual_information(x, y, bins=BINS, min_def=1) is None
PY

#!/usr/bin/env bash
# PyForecastTools 1.1.1: the accuracy of always forecasting the commoner class, a baseline, goes by which
# forecasts were right: it may be that of the rarer class, .18 where .82 is right.
#
# Packages: PyForecastTools 1.1.1, numpy 2.4.6, matplotlib 3.9.4, python-dateutil 2.9.0.post0.
#
# Expected: `majorityClassFraction` is the "Proportion Correct (a.k.a. "accuracy" in machine learning) for
# majority classifier": the share of the commoner observation, at least a half. It depends on what was
# observed, not on the forecasts.
#
# Happens: "no" is taken for the commoner class if there are more true negatives than true positives,
# instead of more observed negatives.
#
# Seen, 90 events and 20 times none:
#   forecasts: "yes" for 10 of the events only        right .818    found .182
#   the same events, "yes" for 80 of them             right .818    found .818
# All 2,400 tables of 0 to 6 in each cell: below a half, and wrong, in 497; right in all others.
#
# Matters for: `summary()`, which prints it beside the accuracy: a model worse than the baseline is far above it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 matplotlib==3.9.4 python-dateutil==2.9.0.post0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps PyForecastTools==1.1.1
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
from itertools import product

import numpy as np
import verify


def fraction(hits, false_alarms, misses, rejections):
    """Share of the commoner observation, and what the package says."""
    observed = np.array([hits + misses, false_alarms + rejections])
    table = verify.Contingency2x2([[hits, false_alarms], [misses, rejections]])
    return observed.max() / observed.sum(), float(table.majorityClassFraction())


for cells in ((10, 0, 80, 20), (80, 0, 10, 20)):
    right, found = fraction(*cells)
    print(f"hits, false alarms, misses, rejections {cells}: right {right:.3f}, found {found:.3f}")
assert np.isclose(fraction(10, 0, 80, 20)[1], 20 / 110) and np.isclose(fraction(80, 0, 10, 20)[1], 90 / 110)

tables = [cells for cells in product(range(7), repeat=4) if sum(cells)]
pairs = np.array([fraction(*cells) for cells in tables])
wrong = (pairs[:, 1] < pairs[:, 0] - 1e-12).sum()
print(f"{len(tables)} tables of 0 to 6 in each cell: {wrong} too low, all of these below a half")
assert (pairs[:, 1] <= pairs[:, 0] + 1e-12).all() and wrong == 497
assert (pairs[pairs[:, 1] < pairs[:, 0] - 1e-12, 1] < 0.5).all()
PY

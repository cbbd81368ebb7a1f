#!/usr/bin/env bash
# roufcp 0.1.1: by Dickey and Fuller's test a change is the most regular place of a series: none of 4 is found.
#
# Packages: roufcp 0.1.1, numpy 2.4.6, scipy 1.17.1, statsmodels 0.14.6, pandas 2.3.3.
#
# Expected: `regularity_measure(X, moving_window, 'adf')` looks for changes with the "test of stationarity" in a window
# around each time. "A low value of the measure indicates" a change, so that it is low where the test finds the window
# not stationary, as it does with a step in its middle.
#
# Happens: the measure is 1 / (1 + |statistic|), as for tests whose statistic grows with a change. This statistic is the
# further below 0 the more stationary a window is: noise has the lowest values, and the step the highest.
#
# Seen, 100 normal numbers with a step in the middle, windows of 15 to each side, means of 4 series
#   step (deviations)              5      20
#   mean statistic, around step   -2.8   -2.1
#   the same elsewhere            -4.6   -4.6
#   measure, around step           .28    .33
#   the same elsewhere             .19    .19
#   found: adf, kstest            0, 4   0, 4    (the first change point, within 5 steps)
#
# Matters for: whoever uses this method: it prefers places where nothing changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 statsmodels==0.14.6 \
    pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps roufcp==0.1.1
OPENBLAS_NUM_THREADS=1 venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from roufcp import roufCP
from statsmodels.tsa.stattools import adfuller

LENGTH, CHANGE, WINDOW, SERIES = 100, 50, 15, 4
AROUND, ELSEWHERE = range(47, 54), [*range(20, 34), *range(66, 80)]
print("roufcp", version("roufcp"), "statsmodels", version("statsmodels"), "numpy", np.__version__)
detector = roufCP(5, 5)

for size in (5, 20):
    hits, means = {"adf": 0, "kstest": 0}, []
    for seed in range(SERIES):
        series = np.random.default_rng(seed).standard_normal(LENGTH)
        series[CHANGE:] += size
        for method in hits:
            measure = detector.regularity_measure(series, WINDOW, method)
            first = detector.fit_from_regularity_measure(measure, k=5)["cp"][:1]
            hits[method] += bool(first) and abs(first[0] - CHANGE) <= 5
            if method == "adf":
                statistic = 1 - 1 / measure[WINDOW : LENGTH - WINDOW]  # below 0 throughout, checked at two places
                for time in (30, CHANGE):
                    right = adfuller(series[time - WINDOW : time + WINDOW], regression="ct")[0]
                    assert right < 0 and np.isclose(statistic[time - WINDOW], right)
                means.append([values[list(times)].mean() for values in (np.r_[np.zeros(WINDOW), statistic], measure)
                              for times in (AROUND, ELSEWHERE)])
    around, elsewhere, high, low = np.mean(means, axis=0)
    print(f"step {size}: statistic {around:.2f} around it, {elsewhere:.2f} elsewhere; measure {high:.3f}, {low:.3f}; "
          f"found {hits} of {SERIES}")
    assert around > elsewhere + 1.5 and high > low + 0.05
    assert hits["adf"] == 0 and hits["kstest"] == SERIES
PY

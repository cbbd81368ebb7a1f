#!/usr/bin/env bash
# roufcp 0.1.1: by Mann and Whitney's U a series that falls is most alike before and after the fall: none of 8 changes
# is found, and all of those that rise.
#
# Packages: roufcp 0.1.1, numpy 2.4.6, scipy 1.17.1, statsmodels 0.14.6, pandas 2.3.3.
#
# Expected: `regularity_measure(X, moving_window, 'mannwhitney')` compares the windows before and after each time. "A
# low value of the measure indicates" a change. Whether a series rises or falls makes no difference to that.
#
# Happens: the measure is the share of pairs in which the first window's number is larger. It is 0 after a rise, 1 after
# a fall and 1 / 2 without a change, where a test of two sides takes the smaller one of U and n1 n2 - U.
#
# Seen, 90 normal numbers, five deviations up or down in the middle, windows of 10, 8 series
#   measure at the change      up     down   | changes found within 5 steps   up   down
#   mannwhitney                .00   1.00    | mannwhitney                     8     0
#   kstest                     .50    .50    | kstest                          8     8
#   smaller of both, doubled   .00    .00    | smaller of both, doubled        8     8
#
# Matters for: whoever looks for changes with this measure: half of them are the most regular place of the series.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 statsmodels==0.14.6 \
    pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps roufcp==0.1.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from roufcp import roufCP

LENGTH, CHANGE, WINDOW, SERIES = 90, 45, 10, 8
print("roufcp", version("roufcp"), "numpy", np.__version__)
detector = roufCP(5, 5)


def share_larger(series, time):
    """Share of pairs of the two windows whose first number is the larger one."""
    before, after = series[max(0, time - WINDOW) : time], series[time : time + WINDOW]
    return np.mean(before[:, None] > after[None, :])


found, at_change = {}, {}
for name, size in (("up", 5), ("down", -5)):
    for seed in range(SERIES):
        series = np.random.default_rng(seed).standard_normal(LENGTH)
        series[CHANGE:] += size
        shares = np.array([0.0] + [share_larger(series, time) for time in range(1, LENGTH)])
        measures = {method: detector.regularity_measure(series, WINDOW, method) for method in ("mannwhitney", "kstest")}
        assert np.allclose(measures["mannwhitney"], shares)
        measures["two sides"] = 2 * np.minimum(shares, 1 - shares)
        for method, measure in measures.items():
            first = detector.fit_from_regularity_measure(measure, k=5)["cp"][:1]
            if seed == 0 and method == "mannwhitney":
                assert first == detector.fit(series, WINDOW, method, k=5)["cp"][:1]
            hit = bool(first) and abs(first[0] - CHANGE) <= 5
            found[method, name] = found.get((method, name), 0) + hit
            at_change.setdefault((method, name), []).append(measure[CHANGE])
for (method, name), hits in found.items():
    print(f"{method}, {name}: measure {np.mean(at_change[method, name]):.3f} at the change, found {hits} of {SERIES}")
assert found["mannwhitney", "up"] == SERIES and found["mannwhitney", "down"] == 0
assert min(found[method, name] for method in ("kstest", "two sides") for name in ("up", "down")) == SERIES
assert np.mean(at_change["mannwhitney", "up"]) < 0.05 and np.mean(at_change["mannwhitney", "down"]) > 0.95
PY

#!/usr/bin/env bash
# change-point-analyzer 0.0.5: the change point of a series that rises is its first or last number: only
# falls are found where they are.
#
# Packages: change-point-analyzer 0.0.5, numpy 1.26.4, matplotlib 3.10.0.
#
# Expected: "based on Dr. Wayne Taylor's algorithm": the CUSUM of the deviations from the mean is farthest from
# zero at the last number before the change, above zero for a fall and below for a rise.
#
# Happens: `detect_changepoints(Estimator.CUSUM)` takes the largest value, not the largest distance. When the
# mean rises the CUSUM is a valley, and its largest values are at both ends. The test that there is a
# change goes by the range and is right, so each rise is reported, in the wrong place. Recursion then goes
# on with the same series less one number.
#
# Seen, 60 series of 100 numbers that change by 3 deviations after number 49
#   reported change                     package                farthest from 0
#   falls: within two of 49             59 of 60               59 of 60
#   rises: within two of 49             0                      59
#   rises: number 0, 1, 98 or 99        59                     0
#   one rise, with recursion, changes   0 and 54 to 99         49
#
# Matters for: whoever looks for improvements.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 matplotlib==3.10.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps change-point-analyzer==0.0.5
venv/bin/python -W ignore - <<'PY'
import numpy as np
from change_point_analyzer.main import ChangePointAnalyzer, Estimator

LAST, LENGTH, SERIES = 49, 100, 60


def found(data, recursive=False):
    return sorted(int(place) for place, _ in ChangePointAnalyzer(data, 200).detect_changepoints(Estimator.CUSUM, recursive=recursive))


def right(data):
    """The last number before the change: where the CUSUM is farthest from zero, on either side."""
    return int(np.abs(np.cumsum(data - data.mean())).argmax())


np.random.seed(0)
rng = np.random.default_rng(0)
for name, jump in (("falls", -3), ("rises", 3)):
    near, ends, near_right = 0, 0, 0
    for _ in range(SERIES):
        data = np.r_[rng.normal(0, 1, LAST + 1), rng.normal(jump, 1, LENGTH - LAST - 1)]
        (place,) = found(data)
        near += abs(place - LAST) <= 2
        ends += place <= 1 or place >= LENGTH - 2
        near_right += abs(right(data) - LAST) <= 2
    print(f"{name}: within two of {LAST}, package {near}, farthest from 0 {near_right}; at an end, package {ends} of {SERIES}")
    assert near_right >= SERIES - 3
    assert (near == near_right and ends == 0) if jump < 0 else (near == 0 and ends >= SERIES - 3)
data = np.r_[rng.normal(0, 1, LAST + 1), rng.normal(3, 1, LENGTH - LAST - 1)]
places = found(data, recursive=True)
print("one rise, with recursion:", places, "right", right(data))
assert LAST not in places and len(places) > 1
PY

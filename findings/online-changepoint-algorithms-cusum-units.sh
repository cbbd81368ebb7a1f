#!/usr/bin/env bash
# online-changepoint-algorithms 0.0.5: a CUSUM without a unit is compared with a limit in the data's unit: in
# thousandths no change is ever found, and in thousands there are alarms all the time.
#
# Packages: online-changepoint-algorithms 0.0.5, numpy 2.4.6, numba 0.68.1, llvmlite 0.50.0.
#
# Expected: `cusum_alg(data, mean, std_dev, h, alpha)`, its second version and the same in Rust raise an alarm
# when an adaptive CUSUM passes h standard deviations. Data, mean and deviation in another unit are the same
# problem.
#
# Happens: the sums are of difference * (number - ...) / variance, as in a log-likelihood ratio, where units
# have cancelled already. They are compared with h * std_dev.
#
# Seen, 200 numbers around 0, then 50 around 4, deviation 1, h = 5, alpha = .1; share of alarms
#   before / after the change        data / 1000     data          data * 1000
#   cusum_alg                        .42 / .96       .00 / .38     .00 / .00
#   cusum_alg_v1                     .73 / .54       .12 / .36     .00 / .00
#   cusum_alg_v0_rust_hybrid         .94 / 1.00      .00 / .26     .00 / .00
#   the first one with limit h       .00 / .38       .00 / .38     .00 / .38
#   simple_cusum, which standardises: from step 202 on in each
#
# Matters for: anything whose deviation is not about 1.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 numba==0.68.1 llvmlite==0.50.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps online-changepoint-algorithms==0.0.5
venv/bin/python -W ignore - <<'PY'
import numpy as np
from change_point_algorithms.online_detection.cusum import cusum_alg, cusum_alg_v0_rust_hybrid, cusum_alg_v1, simple_cusum

CHANGE, LIMIT, ALPHA = 200, 5.0, 0.1


def own(data, mean, deviation):
    """The sums of `cusum_alg`, compared with h itself: nothing in it has a unit."""
    up = down = shift = 0.0
    level, alarms = data[0], [True]
    for x in data[1:]:
        weight = shift * ALPHA / deviation**2
        up, down = max(0, up + weight * (x - shift * (1 + ALPHA / 2))), min(0, down - weight * (x + shift * (1 + ALPHA / 2)))
        shift, level = level - mean, (1 - ALPHA) * level + ALPHA * x
        alarms.append(up > LIMIT or down < -LIMIT)
        if alarms[-1]:
            up = down = 0.0
    return alarms


rng = np.random.default_rng(0)
data = np.r_[rng.normal(0, 1, CHANGE), rng.normal(4, 1, 50)]
found = {}
for unit in (1e-3, 1.0, 1e3):
    for kind in (cusum_alg, cusum_alg_v1, cusum_alg_v0_rust_hybrid):
        alarms = np.array(list(kind(data * unit, 0.0, unit, LIMIT, ALPHA)))
        found[kind.__name__, unit] = alarms[1:CHANGE].mean(), alarms[CHANGE:].mean()
    alarms = np.array(own(data * unit, 0.0, unit))
    found["own", unit] = alarms[1:CHANGE].mean(), alarms[CHANGE:].mean()
    found["simple", unit] = simple_cusum(np.arange(len(data)), data * unit, 0.0, unit, k=1, h=LIMIT)[0]
    print(f"data times {unit}: alarms before and after the change,", {name: tuple(np.round(found[name, unit], 2)) for name in ("cusum_alg", "cusum_alg_v1", "cusum_alg_v0_rust_hybrid", "own")}, "simple_cusum", [tuple(map(int, pair)) for pair in found["simple", unit]])
for name in ("cusum_alg", "cusum_alg_v1", "cusum_alg_v0_rust_hybrid"):
    assert found[name, 1e-3][0] > 0.3 and found[name, 1e3] == (0, 0) and found[name, 1.0][1] > 0.2
assert found["own", 1e-3] == found["own", 1.0] == found["own", 1e3] and np.allclose(found["own", 1.0], found["cusum_alg", 1.0])
assert found["simple", 1e-3] == found["simple", 1.0] == found["simple", 1e3]
PY

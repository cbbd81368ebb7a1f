#!/usr/bin/env bash
# nfoursid 1.0.2: a missing measurement makes a Kalman filter as sure as one that was made.
#
# Packages: nfoursid 1.0.2, numpy 2.4.6, pandas 2.3.3, matplotlib 3.10.9.
#
# Expected: `step(y=None, u)` lets the model run on without a measurement, as the
# documentation says: the state is moved and its covariance grows by the process noise.
#
# Happens: the state is moved. The covariance is updated as if y had come. Standard deviations
# stay as they are, however long the gap is, and the first measurement after it is
# given the weight of one among many.
#
# Seen, a random walk of variance 0.1 with measurements of variance 1, 30 of them, then 50
# missing, then one of 10, right by conditioning the joint normal density on those that came:
#   last before the gap   right -0.16 ± 0.52   nfoursid -0.16 ± 0.52
#   end of the gap        right -0.16 ± 2.30   nfoursid -0.16 ± 0.52
#   first after it        right  8.41 ± 0.92   nfoursid  2.58 ± 0.52
#
# Matters for: sensors that fail, for which the option is there.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==2.3.3 matplotlib==3.10.9
venv/bin/pip install --quiet --disable-pip-version-check --no-deps nfoursid==1.0.2
venv/bin/python - <<'PY'
import numpy as np
from nfoursid.kalman import Kalman
from nfoursid.state_space import StateSpace

WALK, NOISE, BEFORE, GAP = 0.1, 1.0, 30, 50
one, none = np.eye(1), np.zeros((1, 1))
filtering = Kalman(StateSpace(one, none, one, none), np.diag([NOISE, WALK]))
seen = np.random.default_rng(0).normal(size=BEFORE).tolist() + [None] * GAP + [10.0]
for y in seen:
    filtering.step(None if y is None else np.array([[y]]), none)

# the state begins at variance 1 before the first measurement, and moves after each
at = np.arange(len(seen))
states = 1.0 + WALK * np.minimum.outer(at, at)


def right(last):
    """Mean and standard deviation of the state at one time, given the measurements up to it."""
    came = [t for t in at[: last + 1] if seen[t] is not None]
    gain = states[last, came] @ np.linalg.inv(states[np.ix_(came, came)] + NOISE * np.eye(len(came)))
    return gain @ [seen[t] for t in came], np.sqrt(states[last, last] - gain @ states[came, last])


for name, last in (("last before the gap", BEFORE - 1), ("end of the gap", BEFORE + GAP - 1), ("first after it", BEFORE + GAP)):
    found = float(filtering.x_filtereds[last][0, 0]), float(np.sqrt(filtering.p_filtereds[last][0, 0]))
    mean, deviation = right(last)
    print(f"{name}: right {mean:.2f} ± {deviation:.2f}, nfoursid {found[0]:.2f} ± {found[1]:.2f}")
    if last < BEFORE:
        assert np.allclose(found, (mean, deviation))
    elif last < BEFORE + GAP:
        assert abs(found[0] - mean) < 1e-9 and found[1] < deviation / 3
    else:
        assert found[0] < mean - 4
PY

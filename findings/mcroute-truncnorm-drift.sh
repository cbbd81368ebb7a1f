#!/usr/bin/env bash
# mcroute 1.1.0: a transition matrix that is centred on no change moves half a state up at each step: after
# ten edges of a route, five minutes late where states are minutes.
#
# Packages: mcroute 1.1.0, numpy 2.4.6, scipy 1.17.1, networkx 3.4.2, pandas 2.3.3.
#
# Expected: `truncnorm(state_space, mean=0, std=1)`: "a mean of zero centers the normal distribution around
# no state change (a delta of zero)". From the middle state as many go up as down. What falls outside
# of the states is "redistributed across all probabilities within the allowed domain".
#
# Happens: a change of d has the probability of d - 1 to d, whose middle is d - 1/2. And SciPy's bounds
# are in standard deviations from the mean, while changes are given: with a deviation other
# than 1 it is truncated elsewhere, and what is outside goes to the first and the last state.
#
# Seen, from the middle of 7 states, change of -3 to 3:
#   std 1   right   .006  .061  .242  .383  .242  .061  .006    mean  0
#           found   .000  .021  .136  .342  .342  .136  .021    mean  .50
#   std 3   right   .107  .140  .166  .175  .166  .140  .107    mean  0
#           found   .158  .094  .117  .131  .131  .117  .252    mean  .34
# 41 states, ten steps from the middle: mean right 0, found 5.0.
#
# Matters for: delays along a route; `truncexpon`, `trunclognorm` and `beta` are cut into states the same way.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 networkx==3.4.2 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mcroute==1.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from mcroute import StateSpace, matrix
from scipy.stats import norm


def right_of(values, deviation):
    """Each change has the probability of what is nearest to it; what is outside is shared in proportion."""
    rows = np.array([norm.cdf(values - value + 0.5, scale=deviation) - norm.cdf(values - value - 0.5, scale=deviation) for value in values])
    return rows / rows.sum(axis=1, keepdims=True)


space = StateSpace.from_range(-3, 4)
values = np.array(space.values, dtype=float)
for deviation in (1, 3):
    right, found = right_of(values, deviation)[3], matrix.truncnorm(space, std=deviation)[3]
    print(f"std {deviation}: right {right.round(3)}, mean {right @ values:.2f}; found {found.round(3)}, mean {found @ values:.2f}")
    assert np.allclose(right, right[::-1]) and not np.allclose(found, found[::-1], atol=0.01)
    assert abs(right @ values) < 1e-12 and found @ values > 0.3
assert found[-1] > 2 * right[-1]

wide = StateSpace.from_range(-20, 21)
values = np.array(wide.values, dtype=float)
for deviation in (1, 2, 3):
    assert np.isclose(matrix.truncnorm(wide, std=deviation)[20] @ values, 0.5, atol=1e-6)
right = found = np.eye(41)[20]
for _ in range(10):
    right, found = right @ right_of(values, 1), found @ matrix.truncnorm(wide)
print(f"after ten steps: mean right {right @ values:.2f}, found {found @ values:.2f}")
assert abs(right @ values) < 1e-6 and abs(found @ values - 5) < 0.01
PY

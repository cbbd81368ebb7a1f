#!/usr/bin/env bash
# CTRNN 2.0: a neuron whose state passes 36.7 becomes infinite in one step and NaN in the
# next, and its network after it.
#
# Packages: CTRNN 2.0, scipy 1.17.1, numpy 2.4.6.
#
# Expected: an Euler step moves the state towards the input, here from 0 to 40 by half of
# what is left at each step. The output is the sigmoid of the state and saturates at 1.
#
# Happens: setting the outputs sets the states, to the inverse sigmoid of the outputs. The
# step sets the outputs, so that each state goes through the sigmoid and back: digits are
# lost on the way, and where the output rounds to 1 the state becomes infinity.
#
# Seen, step size 0.5, an input of 40, weights 0, gain 1, bias 0:
#   step     1     2         3         4     5
#   right    20.0  30.0      35.0      37.5  38.75
#   state    20.0  30.001    34.945    inf   nan
# A neuron that this one feeds with a weight of 1 is nan from step 6 on.
#
# Matters for: evolved networks, whose weights are often drawn up to 16: three active
# neighbours are enough. States near 30 are off in the third digit already.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps CTRNN==2.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from CTRNN import CTRNN
from scipy.sparse import csr_matrix

STEPS = 8
network = CTRNN(2, step_size=0.5)
network.weights = csr_matrix([[0.0, 0.0], [1.0, 0.0]])
network.biases = np.zeros(2)
network.states = np.zeros(2)
right, seen = 0.0, []
for step in range(1, STEPS + 1):
    network.euler_step([40.0, 0.0])
    right += 0.5 * (40 - right)
    seen.append(network.states.copy())
    print(f"step {step}: right {right:.3f}, state {seen[-1][0]:.3f}, fed by it {seen[-1][1]:.3f}")
seen = np.array(seen)
assert abs(seen[0, 0] - 20) < 1e-3 and 0.0005 < abs(seen[1, 0] - 30) < 0.1 and 0.01 < abs(seen[2, 0] - 35) < 1
assert np.isinf(seen[3, 0]) and np.isnan(seen[4:, 0]).all()
assert np.isfinite(seen[:4, 1]).all() and np.isnan(seen[-1, 1])
PY

#!/usr/bin/env bash
# CTRNN 2.0: states that are set have outputs without gains and biases until the first step.
#
# Packages: CTRNN 2.0, scipy 1.17.1, numpy 2.4.6.
#
# Expected: the output of a neuron is sigmoid(gain * (state + bias)) (Beer 1995), after a
# step as after `network.states = ...`.
#
# Happens: setting the states sets the outputs to sigmoid(state). The next Euler step feeds
# these to the neurons. So does `randomize_states`.
#
# Seen, two neurons, states 0, gains 2 and 1, biases -3 and 2, each fed by the other with a
# weight of 4, step size 0.1:
#                              right             seen
#   outputs of the states      0.002  0.881      0.500  0.500
#   states after one step      0.352  0.001      0.200  0.200
# The second step reads outputs with gains and biases.
#
# Matters for: every trial that begins from given or random states: the first step is one of
# another network. In an oscillator it moves the phase of all that follows.
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

GAINS, BIASES, STEP = np.array([2.0, 1.0]), np.array([-3.0, 2.0]), 0.1
WEIGHTS = np.array([[0.0, 4.0], [4.0, 0.0]])
network = CTRNN(2, step_size=STEP)
network.weights, network.gains, network.biases = csr_matrix(WEIGHTS), GAINS, BIASES
network.states = np.zeros(2)


def outputs(states):
    return 1 / (1 + np.exp(-GAINS * (states + BIASES)))


start = np.zeros(2)
right = start + STEP * (WEIGHTS @ outputs(start) - start)
print("outputs of the states: right", *outputs(start).round(3), " seen", *network.outputs)
assert np.allclose(network.outputs, 0.5) and abs(outputs(start) - 0.5).min() > 0.3
network.euler_step([0.0, 0.0])
print("states after one step: right", *right.round(3), " seen", *network.states.round(3))
assert np.allclose(network.states, 0.2) and abs(right - 0.2).min() > 0.1
second = network.states + STEP * (WEIGHTS @ outputs(network.states) - network.states)
network.euler_step([0.0, 0.0])
assert np.allclose(network.states, second)
PY

#!/usr/bin/env bash
# pyrcn 0.1.0: the diffusion that is to stabilise an Euler state network has the wrong sign: a state
# without input does not fade, it grows for ever.
#
# Packages: pyrcn 0.1.0, torch 2.13.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3.
#
# Expected: `EulerNodeToNode(gamma, epsilon)` is the Euler state network, gamma a "diffusion coefficient
# used for stabilizing the discrete forward propagation": h' = h + epsilon tanh(x + h (W - gamma I)), with
# an antisymmetric W. Without input a state fades, the faster the larger gamma is.
#
# Happens: gamma I is added: (W + gamma I). Every eigenvalue has the real part + gamma, and as what is
# added to the state is bounded only at each step, the state grows by up to epsilon a step.
#
# Seen, 50 units, epsilon = .1, one random input at the first step; norm of the state after so many steps
#                  10                     100                      1,000
#   gamma          package    right       package    right         package    right
#   .1             .478       .400        1.43       .202          69.6       .00171
#   1              1.01       .171        44.2       .0000171      653        2e-44
#
# Matters for: networks of this kind: the parameter one turns up against instability makes it worse.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyrcn==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pyrcn.base.blocks import EulerNodeToNode

UNITS, STEPS, EPSILON, AT = 50, 1000, 0.1, (10, 100, 1000)
inputs = np.zeros((STEPS, UNITS))
inputs[0] = np.random.default_rng(0).normal(size=UNITS)


def run(weights, gamma, sign):
    """Norms of the state by the equation, with gamma added or subtracted."""
    state, norms = np.zeros(UNITS), []
    for row in inputs:
        state = state + EPSILON * np.tanh(row + state @ (weights + sign * gamma * np.eye(UNITS)))
        norms.append(np.linalg.norm(state))
    return np.array(norms)


found = {}
for gamma in (0.0, 0.1, 1.0):
    layer = EulerNodeToNode(hidden_layer_size=UNITS, gamma=gamma, epsilon=EPSILON, recurrent_scaling=0.1, random_state=0).fit(inputs)
    weights = layer.recurrent_weights
    weights = 0.1 * np.asarray(weights.todense() if hasattr(weights, "todense") else weights)
    assert np.allclose(weights, -weights.T)
    package = np.linalg.norm(layer.transform(inputs), axis=1)
    right, wrong = run(weights, gamma, -1), run(weights, gamma, 1)
    assert np.allclose(package, wrong)
    found[gamma] = package, right
    print(f"gamma {gamma}:", {n: (f"{package[n - 1]:.3g}", f"right {right[n - 1]:.3g}") for n in AT})
assert np.allclose(*found[0.0])
assert found[1.0][0][-1] > 100 * found[1.0][0][0] and found[1.0][1][-1] < 0.01 * found[1.0][1][0]
assert found[1.0][0][-1] > found[0.1][0][-1] > found[0.0][0][-1]
PY

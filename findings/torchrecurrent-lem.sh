#!/usr/bin/env bash
# torchrecurrent 0.2.5: the hidden state of a long expressive memory is written from the
# cell of the step before: it lags one step behind its own equations.
#
# Packages: torchrecurrent 0.2.5, torch 2.13.0, numpy 2.4.6.
#
# Expected: `LEM` and `LEMCell` are the network of Rusch and others (2021), as the page
# writes it down: the cell c(t) is moved first, and h(t) is moved towards a function of
# x(t) and of c(t), the new one.
#
# Happens: h(t) is moved towards a function of x(t) and of c(t-1). In the first step, from
# a state of zeros, what the input has written to the cell does not reach the output.
#
# Seen, 4 hidden units, 20 steps, weights that are normal draws, largest difference from
#   the equations with c(t)      0.79
#   the equations with c(t-1)    0.00
# In steps of size 1, outputs have a mean size of 0.52.
#
# Matters for: reproducing the paper's results, and moving weights to or from another
# implementation: the shapes fit, the numbers are others.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torchrecurrent==0.2.5
venv/bin/python - <<'PY'
import numpy as np
import torch
from torchrecurrent import LEM

INPUTS, HIDDEN, STEPS = 3, 4, 20
torch.manual_seed(0)
layer = LEM(INPUTS, HIDDEN, dt=1.0).double().requires_grad_(False)
for parameter in layer.parameters():
    parameter.normal_()
x = torch.randn(STEPS, 1, INPUTS, dtype=torch.float64)
outputs = layer(x)[0][:, 0].numpy()
cell = {name: parameter.numpy() for name, parameter in layer.cells[0].named_parameters()}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def equations(new_cell):
    """The hidden states; `new_cell`: h(t) is written from c(t), not from c(t-1)."""
    h, c, states = np.zeros(HIDDEN), np.zeros(HIDDEN), []
    for inputs in x[:, 0].numpy():
        first, second, third, fourth = np.split(cell["weight_ih"] @ inputs + cell["bias_ih"], 4)
        a, b, d = np.split(cell["weight_hh"] @ h + cell["bias_hh"], 3)
        step_h, step_c = sigmoid(first + a), sigmoid(second + b)
        before, c = c, (1 - step_c) * c + step_c * np.tanh(third + d)
        h = (1 - step_h) * h + step_h * np.tanh(fourth + cell["weight_ch"] @ (c if new_cell else before) + cell["bias_ch"])
        states.append(h)
    return np.array(states)


right, lagging = (np.abs(outputs - equations(new)).max() for new in (True, False))
print(f"from c(t) {right:.2f}, from c(t-1) {lagging:.2f}, mean size of outputs {np.abs(outputs).mean():.2f}")
assert right > 0.1 and lagging < 1e-12
PY

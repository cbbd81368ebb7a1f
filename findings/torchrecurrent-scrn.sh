#!/usr/bin/env bash
# torchrecurrent 0.2.5: a structurally constrained recurrent network feeds its output back
# in the place of its hidden layer.
#
# Packages: torchrecurrent 0.2.5, torch 2.13.0, numpy 2.4.6.
#
# Expected: `SCRN` and `SCRNCell` follow Mikolov and others (2014) as the page writes it
# down: a slow context s(t), a hidden layer h(t), a sigmoid of x(t), s(t) and h(t-1), and an
# output y(t), a function of h(t) and s(t), that nothing depends on later.
#
# Happens: the state that is returned as h(t), and read as h(t-1) in the next step, is the
# output y(t). The hidden layer is forgotten at the end of each step.
#
# Seen, 4 hidden units, 20 steps, weights that are normal draws, largest difference of the
# outputs from the equations
#   with h fed back, from step 2 on    0.77
#   with y fed back                    0.00
# In the first step, from zeros, both are right. Outputs have a mean size of 0.89.
#
# Matters for: comparing architectures, moving weights to or from another implementation,
# and initial states: one that is given as the hidden layer is taken for an output.
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
from torchrecurrent import SCRN

INPUTS, HIDDEN, STEPS = 3, 4, 20
torch.manual_seed(0)
layer = SCRN(INPUTS, HIDDEN).double().requires_grad_(False)
for name, parameter in layer.named_parameters():
    if "alpha" not in name:
        parameter.normal_()
x = torch.randn(STEPS, 1, INPUTS, dtype=torch.float64)
outputs = layer(x)[0][:, 0].numpy()
cell = {name: parameter.numpy() for name, parameter in layer.cells[0].named_parameters()}


def equations(output_back):
    """The outputs; `output_back`: the next step reads the output as its hidden layer."""
    h, s, states = np.zeros(HIDDEN), np.zeros(HIDDEN), []
    weight, bias = np.split(cell["weight_hh"], 2), np.split(cell["bias_hh"], 2)
    for inputs in x[:, 0].numpy():
        context, hidden = np.split(cell["weight_ih"] @ inputs + cell["bias_ih"], 2)
        s = (1 - cell["alpha"]) * context + cell["alpha"] * s
        first, second = np.split(cell["weight_ch"] @ s + cell["bias_ch"], 2)
        h = 1 / (1 + np.exp(-(first + hidden + weight[0] @ h + bias[0])))
        y = np.tanh(second + weight[1] @ h + bias[1])
        h = y if output_back else h
        states.append(y)
    return np.array(states)


right, back = (np.abs(outputs - equations(output_back)).max(1) for output_back in (False, True))
print(f"h fed back {right.max():.2f}, y fed back {back.max():.2f}, mean size {np.abs(outputs).mean():.2f}")
assert right[0] < 1e-12 and right[1:].max() > 0.5 and back.max() < 1e-12
PY

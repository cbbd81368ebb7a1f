#!/usr/bin/env bash
# neuralfields 0.5.2: no gradient passes from one time step to the one before: trained on sequences, networks with memory cannot
# learn to use it.
#
# Packages: neuralfields 0.5.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: "potential-based recurrent neural networks implemented with PyTorch": `model(inputs)` runs a sequence from the initial
# potentials, and the gradient of what comes out is that of what was computed, as of any recurrent layer of torch.
#
# Happens: `forward_one_step` detaches the hidden state wherever one is given, and `forward` gives one at every step, the
# initial one too. Each step is differentiated as if the potentials before it were constants.
#
# Seen, the slope of the last of 6 outputs in the input at each step, by autograd and by differences
#   step                                    1          2          3          4          5          6
#   SimpleNeuralField, backward             0          0          0          0          0          -0.00105
#   SimpleNeuralField, differences          -0.00003   -0.00007   -0.00014   -0.00028   -0.00054   -0.00105
#   NeuralField, backward                   0          0          0          0          0          0.00004
#   NeuralField, differences                0.00002    0.00003    0.00003    0.00003    0.00004    0.00004
# The slope in the time constant, which decides about the memory: -0.0016 instead of -0.0042, -0.0008 instead of -0.0057.
#
# Matters for: every training by gradients on more than one step.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps neuralfields==0.5.2
venv/bin/python -W ignore - <<'PY'
import torch
from neuralfields import NeuralField, SimpleNeuralField, pd_cubic

STEPS, SMALL = 6, 1e-5
torch.set_default_dtype(torch.float64)


def slopes(model, inputs):
    """Of the last output in the first input of each step: by backward, and by central differences."""
    inputs = inputs.clone().requires_grad_()
    backward = torch.autograd.grad(model(inputs)[0][0, -1].sum(), inputs)[0][0, :, 0].tolist()
    differences = []
    with torch.no_grad():
        for step in range(STEPS):
            change = torch.zeros_like(inputs)
            change[0, step, 0] = SMALL
            ends = [float(model(inputs + sign * change)[0][0, -1].sum()) for sign in (1, -1)]
            differences.append((ends[0] - ends[1]) / (2 * SMALL))
    return backward, differences


def slopes_of_tau(model, inputs):
    backward = float(torch.autograd.grad(model(inputs)[0][0, -1].sum(), model._tau_opt)[0])
    ends = []
    with torch.no_grad():
        for sign in (1, -1):
            model._tau_opt += sign * SMALL
            ends.append(float(model(inputs)[0][0, -1].sum()))
            model._tau_opt -= sign * SMALL
    return backward, (ends[0] - ends[1]) / (2 * SMALL)


torch.manual_seed(0)
inputs = torch.randn(1, STEPS, 2)
for model in (SimpleNeuralField(2, 3, potentials_dyn_fcn=pd_cubic, tau_init=2.0), NeuralField(2, 4)):
    name, (backward, differences) = type(model).__name__, slopes(model, inputs)
    print(f"{name:18} backward   ", *(f"{slope:.5f}" for slope in backward))
    print(f"{name:18} differences", *(f"{slope:.5f}" for slope in differences))
    assert backward[:-1] == [0.0] * (STEPS - 1) and all(abs(slope) > 1e-6 for slope in differences)
    assert abs(backward[-1] - differences[-1]) < 1e-6 * max(1, abs(differences[-1]))
    found, right = slopes_of_tau(model, inputs)
    print(f"{name:18} slope in the time constant: backward {found:.6f}, differences {right:.6f}")
    assert abs(found - right) > 0.05 * abs(right)

layer = torch.nn.RNN(2, 3, batch_first=True)
backward, differences = slopes(layer, inputs)
print("torch RNN: backward and differences agree to", f"{max(abs(a - b) for a, b in zip(backward, differences)):.1g}")
assert max(abs(a - b) for a, b in zip(backward, differences)) < 1e-8 and abs(backward[0]) > 1e-6
PY

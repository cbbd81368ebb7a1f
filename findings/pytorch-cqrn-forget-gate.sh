#!/usr/bin/env bash
# PyTorch_CQRN 0.1.2: the forget gate is upside down: a gate that is open forgets everything, where
# the equation that stands above it keeps everything.
#
# Packages: PyTorch_CQRN 0.1.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: its page and docstring have C[t] = F[t] C[t-1] + (1 - F[t]) Z[t], as quasi-recurrent
# networks have (Bradbury and others 2017): with F near 1 the state stays.
#
# Happens: what is computed is F[t] Z[t] + (1 - F[t]) C[t-1].
#
# Seen, a given state of 1 and inputs of 0 (Z = 0), what is left of it after 10 steps:
#   bias of F    F        equation    found
#   -3           0.047    6e-14       0.615
#   0            0.500    0.001       0.001
#   3            0.953    0.615       6e-14
#
# Matters for: biases that are set so that a layer remembers at first, and weights of other
# implementations of this network.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps PyTorch_CQRN==0.1.2
venv/bin/python -W ignore - <<'PY'
import torch
from torchcqrn import CQRNLayer

STEPS = 10
assert "C_t = F_t\\bigodot C_{t-1} + (1-F_t) \\bigodot Z_t" in CQRNLayer.__doc__
for bias in (-3.0, 0.0, 3.0):
    layer = CQRNLayer(input_dim=1, hidden_size=1, window=1, kernel_size=[1, 1]).double()
    with torch.no_grad():
        layer.conv.weight.zero_()
        layer.conv.bias.copy_(torch.tensor([0.0, bias, 0.0]))  # Z, F, O
        _, last = layer(torch.zeros(STEPS, 1, 1, 1).double(), torch.ones(1, 1, 1).double())
    gate = float(torch.sigmoid(torch.tensor(bias, dtype=torch.float64)))
    found, right = float(last), 1.0
    for _ in range(STEPS):
        right = gate * right + (1 - gate) * 0.0
    print(f"bias {bias:g}: gate {gate:.3f}, equation {right:.2g}, found {found:.2g}")
    assert abs(found - (1 - gate) ** STEPS) < 1e-12
    assert abs(found - right) > 0.5 if bias else abs(found - right) < 1e-12
PY

#!/usr/bin/env bash
# backpack-for-pytorch 1.7.1: gradients of single rows of an RNN or LSTM are those of a start from zeros: where a
# state is given, as in truncated backpropagation, they do not sum to the gradient.
#
# Packages: backpack-for-pytorch 1.7.1, torch 2.13.0 (CPU), unfoldNd 0.2.3, einops 0.8.2, packaging 26.4,
# numpy 2.4.6.
#
# Expected: `BatchGrad` puts the gradient of each row into `grad_batch`, and their sum is `.grad`, which torch
# computes beside it. nn.RNN and nn.LSTM are supported with one layer and rows first; other settings
# raise `NotImplementedError`. `module(x, state)` runs without a word.
#
# Happens: the gradient of the recurrent weights takes zeros for the state before the first step, and in
# the LSTM the cell before it too, whatever was given. `SumGradSquared`, `BatchL2Grad` and `Variance` go by it.
#
# Seen, 3 rows of 5 steps, 4 units, a given state; largest |sum of grad_batch - grad| over largest |grad|
#                       RNN     LSTM
#   input weights       0       0.28
#   recurrent weights   0.93    1.3
#   biases              0       0.14
#   all, without a state or with one of zeros: 0
#
# Matters for: noise scales, private training and gradient variances of stateful recurrent networks: every piece of a
# sequence after the first one begins with a state.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps backpack-for-pytorch==1.7.1 unfoldNd==0.2.3 einops==0.8.2 packaging==26.4
venv/bin/python -W ignore - <<'PY'
import torch
from backpack import backpack, extend
from backpack.extensions import BatchGrad
from torch import nn

ROWS, STEPS, INPUTS, UNITS = 3, 5, 2, 4


def rows(kind, start):
    """Gradients of single rows by the package, by torch one row at a time, and of all rows by torch."""
    torch.manual_seed(0)
    layer = extend(kind(INPUTS, UNITS, batch_first=True).double())
    flat, squares = extend(nn.Flatten()), extend(nn.MSELoss(reduction="sum"))
    x, y = torch.randn(ROWS, STEPS, INPUTS).double(), torch.randn(ROWS, STEPS * UNITS).double()
    state = {"none": None, "zeros": torch.zeros(1, ROWS, UNITS), "given": torch.randn(1, ROWS, UNITS)}[start]
    if state is not None:
        state = state.double()
        state = state if kind is nn.RNN else (state, 0.5 * state.flip(-1))

    def loss(chosen):
        of = None if state is None else state[:, chosen] if kind is nn.RNN else tuple(s[:, chosen] for s in state)
        out = layer(x[chosen], of)[0] if of is not None else layer(x[chosen])[0]
        return squares(flat(out), y[chosen])

    right = {name: [] for name, _ in layer.named_parameters()}
    for row in range(ROWS):
        found = torch.autograd.grad(loss(slice(row, row + 1)), list(layer.parameters()))
        for name, gradient in zip(right, found, strict=True):
            right[name].append(gradient)
    layer.zero_grad()
    with backpack(BatchGrad()):
        loss(slice(None)).backward()
    return {name: (p.grad_batch, torch.stack(right[name]), p.grad) for name, p in layer.named_parameters()}


for kind in (nn.RNN, nn.LSTM):
    for start in ("none", "zeros", "given"):
        off = {}
        for name, (found, right, whole) in rows(kind, start).items():
            assert (right.sum(0) - whole).abs().max() < 1e-9  # rows one at a time sum to the gradient
            off[name] = float((found.sum(0) - whole).abs().max() / whole.abs().max())
            assert (found - right).abs().max() < 1e-9 or start == "given"
        print(kind.__name__, start, {name: f"{value:.2g}" for name, value in off.items()})
        if start != "given":
            assert max(off.values()) < 1e-9
        elif kind is nn.RNN:
            assert off["weight_hh_l0"] > 0.1 and off["weight_ih_l0"] < 1e-9 and off["bias_ih_l0"] < 1e-9
        else:
            assert min(off.values()) > 0.03
PY

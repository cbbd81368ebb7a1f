#!/usr/bin/env bash
# conv-lstm 0.1.2: with `batch_first=False` inputs are read with time first, and outputs come back with the batch first.
#
# Packages: conv-lstm 0.1.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `batch_first`, "whether or not dimension 0 is the batch or not", as in torch's LSTM, where it says so of "the input and
# output tensors": what goes in as (T, B, C, H, W) comes out as (T, B, hidden, H, W).
#
# Happens: the input is permuted to (B, T, ...) and the output never back.
#
# Seen, `batch_first=False`, an input of shape (T, B, 2, 4, 4)
#   T, B     output             outputs[t] is
#   5, 3     (3, 5, 6, 4, 4)    all steps of row t
#   4, 4     (4, 4, 6, 4, 4)    the same, and nothing shows it
# An LSTM by hand with the same weights gives the outputs after a transposition, and the last states.
#
# Matters for: losses over outputs[-1] as the last step: with T = B, and wherever only the other sizes are looked at, it is the
# last row of the batch.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps conv-lstm==0.1.2
venv/bin/python -W ignore - <<'PY'
import torch
from conv_lstm import ConvLSTM

torch.manual_seed(0)
torch.set_grad_enabled(False)


def by_hand(layer, inputs):
    """The cell of Shi et al. without peepholes, over (T, B, C, H, W)."""
    hidden = cell = torch.zeros(inputs.shape[1], 6, *inputs.shape[3:])
    outputs = []
    for step in inputs:
        i, f, o, g = layer.cell_list[0].conv(torch.cat([step, hidden], 1)).chunk(4, 1)
        cell = f.sigmoid() * cell + i.sigmoid() * g.tanh()
        hidden = o.sigmoid() * cell.tanh()
        outputs.append(hidden)
    return torch.stack(outputs), cell


layer = ConvLSTM(2, 6, 3, batch_first=False)
for steps, batch in ((5, 3), (4, 4)):
    inputs = torch.randn(steps, batch, 2, 4, 4)
    outputs, states = layer(inputs)
    right, cell = by_hand(layer, inputs)
    found = outputs[0]
    torchs = torch.nn.LSTM(2, 6)(inputs[..., 0, 0])[0]
    print(f"T {steps}, B {batch}: output {tuple(found.shape)}, by hand {tuple(right.shape)}, torch's LSTM {tuple(torchs.shape)}")
    assert tuple(found.shape) == (batch, steps, 6, 4, 4) and tuple(torchs.shape) == (steps, batch, 6)
    assert torch.allclose(found, right.transpose(0, 1), atol=1e-6)
    assert torch.allclose(states[0][0], right[-1], atol=1e-6) and torch.allclose(states[0][1], cell, atol=1e-6)
last, wanted = found[-1], right[-1]
print("T = B: outputs[-1] differs from the last step by", f"{float((last - wanted).abs().max()):.2g}")
assert last.shape == wanted.shape and not torch.allclose(last, wanted, atol=1e-2)
PY

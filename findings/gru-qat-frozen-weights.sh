#!/usr/bin/env bash
# gru-qat 0.5.0: freezing after calibration rounds all weights of a GRU to whole numbers, mostly to 0: what it
# says does not depend on its input any more.
#
# Packages: gru-qat 0.5.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: the documented way is to train, then `layer.calibrate(loader)` and `layer.freeze()`; weights
# stay as they are in calibration ("scales already correct from the static weights"), and freezing stores
# the scales. With the recipe "int8_per_channel" what comes out stays near the float layer.
#
# Happens: a quantizer in the mode "dynamic", which weights are in by default, computes its scale anew at
# each call and keeps none. Freezing switches to the stored scale, which is still the 1.0 it was made
# with: weights below 1/2 become 0, others 1 or more. No warning is given.
#
# Seen, 8 inputs, 8 units, 16 sequences of 30 steps, recipe "int8_per_channel"
#                                        difference to torch.nn.GRU   spread between sequences
#   torch.nn.GRU, same weights           0                            0.49
#   in training                          0.010                        0.49
#   after calibrate                      0.010                        0.49
#   after freeze                         1.028                        0
#   after freeze, scales put in by hand  0.128 (activations clipped)  0.49
#
# Matters for: everybody who follows the page: accuracy before freezing says nothing of the frozen layer.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps gru-qat==0.5.0
venv/bin/python -W ignore - <<'PY'
from copy import deepcopy

import torch
from gru_qat import PRESETS, GRULayer

SIZE, STEPS, ROWS = 8, 30, 16
torch.manual_seed(0)
layer = GRULayer(SIZE, SIZE, recipe=deepcopy(PRESETS["int8_per_channel"]))
cell, right = layer.cell, torch.nn.GRU(SIZE, SIZE)
for theirs, name in (("ih", "i"), ("hh", "h")):
    for kind, letter in (("weight", "W"), ("bias", "b")):
        parts = [getattr(cell, f"{letter}_{name}{gate}") for gate in "rzn"]
        getattr(right, f"{kind}_{theirs}_l0").data = torch.cat(parts).detach().clone()
weights = {name: p for name, p in cell.named_parameters() if name.startswith("W_")}
x = 4 * torch.rand(STEPS, ROWS, SIZE) - 2


@torch.no_grad()
def told(name, outputs):
    """Largest difference to the float layer, and the largest difference between two sequences, at one place."""
    off, spread = (outputs - right(x)[0]).abs().max(), outputs.std(1).max()
    print(f"{name:36} difference {off:.3f}, spread {spread:.3f}")
    return float(off), float(spread)


with torch.no_grad():
    assert told("torch.nn.GRU, same weights", right(x)[0])[1] > 0.4
    assert told("in training", layer(x)[0])[0] < 0.03
    layer.calibrate([x] * 64)
    assert told("after calibrate", layer(x)[0])[0] < 0.03
    layer.freeze()
    off, spread = told("after freeze", layer(x)[0])
    assert off > 0.5 and spread == 0.0
    for name, weight in weights.items():
        quantizer = getattr(cell, f"quant_{name}")
        assert quantizer.scale == 1.0 and torch.equal(quantizer(weight), weight.round())
        quantizer.scale = weight.abs().amax(1, keepdim=True) / 127  # one scale a row, as in training
    off, spread = told("after freeze, scales put in by hand", layer(x)[0])
    assert off < 0.2 and spread > 0.4
PY

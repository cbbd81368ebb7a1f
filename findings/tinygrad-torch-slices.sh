#!/usr/bin/env bash
# tinygrad 0.14.0: a slice that torch saved is loaded with numbers from outside of it.
#
# Packages: tinygrad 0.14.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `torch_load` returns the state dictionary that `torch.save` wrote. A slice is
# saved as the whole storage with an offset, a shape and strides, and read as the slice.
#
# Happens: the strides are looked at only for whether axes have changed places. Where they
# have not, as many numbers as the shape has are read in a row from the offset on. A slice of
# columns, every second row, or a diagonal comes back in the right shape, filled with its
# neighbours. Transposed tensors and slices of whole rows are right; a transposed slice
# raises an assertion.
#
# Seen:
#   whole, transposed, rows 1 to 2:   as saved
#   columns 2 to 4 of rows 1 to 2:    (8 9 10, 11 12 13) instead of (8 9 10, 14 15 16)
#   every second column:              wrong, also every second row
#   diagonal of 0 to 8:               0 1 2 instead of 0 4 8
#   fused GRU weights cut into input and hidden part: both wrong, by up to 0.96 and 0.78
#
# Matters for: checkpoints whose weights were cut from a fused matrix. Save
# `tensor.contiguous()` (or `.clone()`), or go through safetensors.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps tinygrad==0.14.0
DEV=PYTHON venv/bin/python -W ignore - <<'PY'
import numpy as np
import torch
from tinygrad.nn.state import torch_load

numbers = torch.arange(24.0).reshape(4, 6)
torch.manual_seed(0)
layer = torch.nn.GRU(3, 4)
fused = torch.cat([layer.weight_ih_l0, layer.weight_hh_l0], 1).detach()
right = {"whole": numbers, "transposed": numbers.t(), "rows 1 to 2": numbers[1:3]}
wrong = {"columns 2 to 4 of rows 1 to 2": numbers[1:3, 2:5], "every second column": numbers[:, ::2],
         "every second row": numbers[::2], "diagonal": torch.arange(9.0).reshape(3, 3).diagonal(),
         "input weights": fused[:, :3], "hidden weights": fused[:, 3:]}
torch.save({**right, **wrong}, "state.pt")
back = torch.load("state.pt")
loaded = {name: tensor.to("PYTHON").numpy() for name, tensor in torch_load("state.pt").items()}
for name, saved in {**right, **wrong}.items():
    assert torch.equal(back[name], saved) and loaded[name].shape == saved.shape
    off = np.abs(loaded[name] - saved.numpy()).max()
    print(f"{name}: {'as saved' if off == 0 else f'{off:.2g} off'}")
    assert (off == 0) == (name in right)
print(*loaded["columns 2 to 4 of rows 1 to 2"].astype(int).ravel(), " instead of", *numbers[1:3, 2:5].int().ravel().tolist())
assert loaded["columns 2 to 4 of rows 1 to 2"].ravel().tolist() == list(range(8, 14))
assert loaded["diagonal"].tolist() == [0, 1, 2]
PY

#!/usr/bin/env bash
# pnnx 20261020: of a batch's last states ncnn gives back the first row's alone.
#
# Packages: pnnx 20261020, ncnn 1.0.20261020, torch 2.13.0, numpy 2.4.6.
#
# Expected: pnnx converts a network with several rows, and writes a program, x_ncnn.py, that
# says on which axis of each input and output they stand. An LSTM of three rows with a state
# of its own for each gives outputs, and last states, of three rows.
#
# Happens: outputs are right, those of each row from its own first state. Last states are of
# shape (layers, hidden), without a row, and are those of the first row; the program
# takes them for all there is (`batch_index=233`, none). Whoever carries them on goes on
# from row 0 in every row.
#
# Seen (3 rows, 5 steps, the program as pnnx wrote it but for its inputs):
#   outputs (5, 3, 4) largest difference from torch 1e-07
#   last h (1, 4) torch has (1, 3, 4); difference from row 0's 4e-08, from row 1's 0.34
#   last c (1, 4) torch has (1, 3, 4); difference from row 0's 6e-08, from row 1's 0.90
#
# Matters for: streams in pieces, several at once, on ncnn.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 pnnx==20261020 ncnn==1.0.20261020
venv/bin/python - <<'PY'
import re
import subprocess

import numpy as np
import torch
from torch import nn

STEPS, ROWS, INPUTS, HIDDEN = 5, 3, 2, 4
rng = np.random.default_rng(0)
drawn = lambda *shape: torch.from_numpy(rng.normal(size=shape).astype(np.float32))


class Carried(nn.Module):
    """An LSTM that is given a state and gives one back."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(INPUTS, HIDDEN)

    def forward(self, inputs, h, c):
        outputs, (h, c) = self.lstm(inputs, (h, c))
        return outputs, h, c


torch.manual_seed(0)
network = Carried()
given = (drawn(STEPS, ROWS, INPUTS), drawn(1, ROWS, HIDDEN), drawn(1, ROWS, HIDDEN))
with torch.no_grad():
    torch.jit.trace(network, given).save("x.pt")
    right = [part.numpy() for part in network(*given)]
shapes = ",".join(f"[{','.join(map(str, part.shape))}]f32" for part in given)
subprocess.run(["venv/bin/pnnx", "x.pt", f"inputshape={shapes}", "fp16=0"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

program = open("x_ncnn.py").read()
program = re.sub(r"in(\d) = torch\.rand\(.*", r"in\1 = given[\1]", program)
names = {"given": given}
exec(program, names)
outputs, *last = [part.numpy() for part in names["test_inference"]()]
print("outputs", outputs.shape, f"largest difference from torch {np.abs(outputs - right[0]).max():.0e}")
assert np.abs(outputs - right[0]).max() < 1e-4
for name, found, whole in zip(("last h", "last c"), last, right[1:]):
    off = [np.abs(found.ravel() - whole[0, row]).max() for row in range(ROWS)]
    print(name, found.shape, f"torch has {whole.shape}; difference from row 0's {off[0]:.0e}, from row 1's {off[1]:.2f}")
    assert found.size == HIDDEN and off[0] < 1e-4 and min(off[1:]) > 0.05
assert program.count("batch_index=233") == 2
PY

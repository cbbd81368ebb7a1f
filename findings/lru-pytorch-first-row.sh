#!/usr/bin/env bash
# lru-pytorch 0.1.3: a state that is given goes to the first row of the batch alone.
#
# Packages: lru-pytorch 0.1.3, torch 2.13.0, numpy 2.4.6.
#
# Expected: `LRU(...)(rows, state=s)` reads every row of a batch from the state s, as it
# reads a sequence without a batch. Equal rows have equal outputs.
#
# Happens: the state is held by the layer, carried through the first row, and set to zeros
# after each row: the rows below begin from zeros.
#
# Seen, three equal rows of 6 steps from one state, largest difference of each row:
#   from the recurrence begun at the state     0.00  1.36  1.36
#   from the recurrence begun at zeros         1.36  0.00  0.00
#
# Matters for: going on with a batch where the last call ended, and comparing rows: which
# row remembers depends on the order of the batch. Call it once a row.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps lru-pytorch==0.1.3
venv/bin/python - <<'PY'
import numpy as np
import torch
from LRU_pytorch import LRU

INPUTS, OUTPUTS, STATES, STEPS, ROWS = 3, 4, 5, 6, 3
torch.manual_seed(0)
layer = LRU(INPUTS, OUTPUTS, STATES).requires_grad_(False)
row = torch.randn(STEPS, INPUTS)
state = torch.randn(STATES, dtype=torch.complex64)
B, C, D = (parameter.numpy() for parameter in (layer.B, layer.C, layer.D))
decay = np.exp(-np.exp(layer.nu_log.numpy()) + 1j * np.exp(layer.theta_log.numpy()))


def recurrence(h):
    """The outputs of the row, step by step, from the state h."""
    outputs = []
    for x in row.numpy():
        h = decay * h + np.exp(layer.gamma_log.numpy()) * (B @ x)
        outputs.append((C @ h).real + D @ x)
    return np.array(outputs)


batch = layer(row.expand(ROWS, -1, -1), state=state).numpy()
for name, start in (("the state", state.numpy()), ("zeros", np.zeros(STATES))):
    off = np.abs(batch - recurrence(start)).max((1, 2))
    print(f"begun at {name:10}", *(f"{x:.2f}" for x in off))
    wrong = off > 0.1
    assert off[~wrong].max() < 1e-5 and wrong.tolist() == ([False, True, True] if name == "the state" else [True, False, False])
alone = layer(row, state=state).numpy()
assert np.abs(alone - recurrence(state.numpy())).max() < 1e-5
PY

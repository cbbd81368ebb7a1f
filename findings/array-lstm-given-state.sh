#!/usr/bin/env bash
# array-lstm 0.0.1: reading from a given state overwrites it: a second sequence read from the
# same state begins where the first one ended.
#
# Packages: array-lstm 0.0.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: `ArrayLSTM(...)(x, (hidden, state))` begins at the state and returns another one,
# as the package's `LSTM` and PyTorch's do.
#
# Happens: the cells are written into the tensor that was passed in.
#
# Seen, one state, two continuations of 5 steps, largest difference from the recurrence of
# the paper written out:
#                  first   second
#   LSTM           0.00    0.00
#   ArrayLSTM      0.00    0.17
# The hidden state passed in is kept, the cells have changed by up to 1.55.
#
# Matters for: scoring several continuations of one context, searching with a beam, and
# repeating an evaluation: each answer depends on which calls came before. Pass clones.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps array-lstm==0.0.1
venv/bin/python - <<'PY'
import torch
from arrayLSTM import LSTM, ArrayLSTM

INPUTS, HIDDEN, CELLS, STEPS = 3, 4, 2, 5
torch.manual_seed(0)
context, *continuations = torch.randn(3, 1, STEPS, INPUTS).mul(2)


def recurrence(model, x, h, cells):
    """Outputs from the hidden state h and the cells, each with gates of its own."""
    outputs = []
    for step in x[0]:
        gates = (model.i2h(step) + model.h2h(h)).reshape(len(cells), 4, HIDDEN)
        forget, write, read = gates[:, :3].sigmoid().unbind(1)
        cells = forget * cells + write * gates[:, 3].tanh()
        h = (read * cells.tanh()).sum(0)
        outputs.append(h)
    return torch.stack(outputs)


with torch.no_grad():
    for name, model in (("LSTM", LSTM(INPUTS, HIDDEN)), ("ArrayLSTM", ArrayLSTM(INPUTS, HIDDEN, CELLS))):
        _, given = model(context)
        h, cells = (part[:, 0].clone() for part in given)
        off = [(model(x, given)[0][0] - recurrence(model, x, h[0], cells)).abs().max() for x in continuations]
        moved = [(part[:, 0] - kept).abs().max() for part, kept in zip(given, (h, cells))]
        print(f"{name:10} first {off[0]:.2f}, second {off[1]:.2f}; passed in, changed by {moved[0]:.2f} and {moved[1]:.2f}")
        assert off[0] < 1e-6 and moved[0] == 0
        assert (off[1] < 1e-6 and moved[1] == 0) if name == "LSTM" else (off[1] > 0.05 and moved[1] > 0.1)
PY

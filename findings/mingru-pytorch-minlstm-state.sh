#!/usr/bin/env bash
# minGRU-pytorch 0.2.1: a minLSTM that goes on from a state with more than one step goes on
# from another state.
#
# Packages: minGRU-pytorch 0.2.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: a sequence may be read whole, step by step, or in pieces, each from the state
# that the piece before it returns as `next_prev_hidden`: the recurrence is the same.
#
# Happens: with one step the state is used as it is. With more, in the parallel form, the
# function g that keeps hidden values positive (x + 0.5 for positive x) is applied to the
# state, which has been through it. `minGRU`, beside it, takes the logarithm of the state.
#
# Seen, 8 steps, largest difference from the sequence read whole, of outputs around 0.6:
#             step by step   4 and 4 steps: in step 5, 6, 7, 8
#   minGRU    0.0000         0.0000 0.0000 0.0000 0.0000
#   minLSTM   0.0000         0.2743 0.1482 0.0739 0.0378
#
# Matters for: long sequences trained or scored in pieces, and a prompt that is read
# after a state. Nothing raises, and it fades away.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps minGRU-pytorch==0.2.1
venv/bin/python - <<'PY'
import torch
from minGRU_pytorch.minGRU import minGRU
from minGRU_pytorch.minLSTM import minLSTM

STEPS = 8
torch.manual_seed(0)


@torch.no_grad()
def read(model, x, pieces):
    """The outputs of all steps, read in pieces of these lengths."""
    state, outputs = None, []
    for piece in x.split(pieces, dim=1):
        output, state = model(piece, prev_hidden=state, return_next_prev_hidden=True)
        outputs.append(output)
    return torch.cat(outputs, dim=1)


for kind in (minGRU, minLSTM):
    model, x = kind(4), torch.randn(1, STEPS, 4)
    whole = read(model, x, [STEPS])
    steps = (read(model, x, [1] * STEPS) - whole).abs().max()
    halves = (read(model, x, [4, 4]) - whole).abs().amax((0, 2))
    print(f"{kind.__name__:8} step by step {steps:.4f}  4 and 4:", *(f"{d:.4f}" for d in halves), f"  mean output {whole.mean():.2f}")
    assert steps < 1e-5 and halves[:4].max() < 1e-5
    if kind is minGRU:
        assert halves.max() < 1e-5
    else:
        assert halves[4] > 0.05 and halves[4] > halves[5] > halves[7] > 1e-3
PY

#!/usr/bin/env bash
# dnc 1.1.0: within a sequence the controller never sees what is read from the memory.
#
# Packages: dnc 1.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: in a Differentiable Neural Computer (Graves et al. 2016) the controller's input
# at each step is the input and the vectors read at the step before, so that what it does
# next may depend on what it has found.
#
# Happens: the inputs of all steps are joined with the read vectors from before the first
# one: zeros, or what the call before has left. Vectors read on the way go to the output
# layer alone. Keys, gates and what is written are those of a plain LSTM, the same for any
# content of the memory. A sequence that is fed one step a call, with the state handed
# on, gives other outputs than in one call.
#
# Seen, 6 steps, from two different memories:
#   largest difference of the controllers' states    0
#   largest difference of the outputs                0.079
#   read part of the controller's input, steps 2-6   0, vectors read up to 0.11
#   one call against one step a call, outputs        0.023
#
# Matters for: results with this package, the one called `dnc`, which are not those of a
# DNC. One step a call, with the state handed on, is one. (Its author wrote in 2020 that
# without the vectors between steps it would be a bunch of RNNs.)
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dnc==1.1.0
venv/bin/python - <<'PY'
import sys
from unittest.mock import MagicMock

import torch

# loaded for the sparse memories beside it
sys.modules["faiss"] = sys.modules["pyflann"] = MagicMock()
from dnc import DNC

INPUTS, HIDDEN, STEPS = 4, 16, 6
torch.manual_seed(0)
model = DNC(INPUTS, HIDDEN, num_hidden_layers=1, nr_cells=8, cell_size=5, read_heads=2).eval()
x = torch.randn(1, STEPS, INPUTS)
start = [(torch.zeros(1, 1, HIDDEN), torch.zeros(1, 1, HIDDEN))]
read_part = []
model.rnns[0].register_forward_pre_hook(lambda _, args: read_part.append(args[0][0, 0, INPUTS:].clone()))


def memory(seed):
    """A state of the memory with something written into it."""
    state = model.memories[0].reset(1)
    state["memory"] = torch.randn(state["memory"].shape, generator=torch.Generator().manual_seed(seed))
    return state


with torch.no_grad():
    one, (controller_one, _, read) = model(x, (list(start), memory(1), None))
    other, (controller_other, _, _) = model(x, (list(start), memory(2), None))
    state, steps = (list(start), memory(1), None), []
    seen = max(part.abs().max() for part in read_part[1:STEPS])
    for t in range(STEPS):
        output, state = model(x[:, t : t + 1], state)
        steps.append(output)
difference = max((a - b).abs().max().item() for a, b in zip(controller_one[0], controller_other[0]))
outputs = (one - other).abs().max().item()
apart = (torch.cat(steps, 1) - one).abs().max().item()
print(f"controller's state {difference:.1g}, output {outputs:.2g}")
print(f"read part of the controller's input {seen:.1g}, vectors read in the last step up to {read.abs().max():.2g}")
print(f"whole against one step a call {apart:.2g}")
assert difference == 0 and seen == 0 and read.abs().max() > 0.01
assert outputs > 1e-3 and apart > 1e-4
PY

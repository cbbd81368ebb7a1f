#!/usr/bin/env bash
# dnc 1.1.0: without a state given every call begins from another one: equal rows of a
# batch have different outputs, and so have two calls in evaluation.
#
# Packages: dnc 1.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `DNC(...)(x, (None, None, None))` begins from a fixed or a learned state, as
# `torch.nn.LSTM` does from zeros and the paper's network from a learned one. A model in
# evaluation is a function of its input.
#
# Happens: the controller's state is drawn from a Xavier distribution at each call, for
# each row, and used for the LSTM's hidden and cell state both.
#
# Seen, 64 hidden units, a batch of two equal rows, 10 steps, largest differences:
#   between the rows, step 1 and step 10   .036  .0006
#   between two calls                      .071  .0008
#   with a state of zeros given            0     0
# Outputs have a mean size of .07.
#
# Matters for: evaluating, comparing and exporting models; a loss has noise that no
# setting of evaluation turns off. Give `chx` yourself.
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

INPUTS, HIDDEN, STEPS = 4, 64, 10
torch.manual_seed(0)
model = DNC(INPUTS, HIDDEN, num_hidden_layers=1, nr_cells=8, cell_size=5, read_heads=2).eval()
rows = torch.randn(1, STEPS, INPUTS).expand(2, -1, -1)


@torch.no_grad()
def outputs(given):
    zeros = [(torch.zeros(1, 2, HIDDEN), torch.zeros(1, 2, HIDDEN))]
    return model(rows, (zeros if given else None, None, None))[0]


for name, given in (("no state given", False), ("zeros given", True)):
    first, second = outputs(given), outputs(given)
    between_rows = (first[0] - first[1]).abs().amax(-1)
    between_calls = (first - second).abs().amax((0, 2))
    print(f"{name} (mean size {first.abs().mean():.2f}): rows {between_rows[0]:.2g} {between_rows[-1]:.2g}, calls {between_calls[0]:.2g} {between_calls[-1]:.2g}")
    if given:
        assert between_rows.max() < 1e-6 and between_calls.max() == 0
    else:
        assert between_rows[0] > 0.01 and between_calls[0] > 0.01
PY

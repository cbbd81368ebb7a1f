#!/usr/bin/env bash
# liquidnn 1.1.2: of a recurrent and a liquid layer in one, the first runs along the steps and the
# second along the rows of the batch: what a row says depends on all rows above it.
#
# Packages: liquidnn 1.1.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `LiquidRNN` on an input of seq_len=15, batch=4, as on its page, gives "[4, 32]", one
# vector for each row after its last step.
#
# Happens: `torch.nn.RNN` takes steps first, and the liquid loop behind it takes rows first, as in
# the other layers. It makes 15 states, one for each step, and walks them over the 4 rows. Given
# rows first instead, it is the other way round: the RNN runs along the rows.
#
# Seen, 15 steps of 4 rows:
#                           right     found
#   shape of the output     4 x 32    15 x 32
#   output at step 1        of no     changes by 0.07 to 0.27 with any of the 4 rows, and not with
#                                     any later step
# And with rows first, 4 rows of 15 steps, the output of row 4 changes with each of the rows above.
#
# Matters for: every use of it with more than one row; there is no layout for which it is right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps liquidnn==1.1.2
venv/bin/python -W ignore - <<'PY'
import torch
from liquidnn import LiquidRNN

STEPS, BATCH, WIDTH, HIDDEN = 15, 4, 12, 32
torch.manual_seed(0)
model = LiquidRNN(input_size=WIDTH, hidden_size=HIDDEN, num_layers_liq=2, num_layers_rnn=1)


def influence(x, place, of):
    """How far the part `of` of the output moves when the input at `place` is another one."""
    torch.manual_seed(2)
    other = x.clone()
    other[place] = 3 * torch.randn_like(other[place])
    with torch.no_grad():
        return float((model(x)[of] - model(other)[of]).abs().max())


torch.manual_seed(1)
steps_first = torch.randn(STEPS, BATCH, WIDTH)
with torch.no_grad():
    print("shape", tuple(model(steps_first).shape))
assert model(steps_first).shape == (STEPS, HIDDEN)
rows = [influence(steps_first, (slice(None), row), 0) for row in range(BATCH)]
later = influence(steps_first, (slice(1, None),), 0)
print("steps first: the first output moves with row", [f"{value:.3f}" for value in rows], f"and with later steps {later}")
assert min(rows) > 1e-3 and later == 0

rows_first = torch.randn(BATCH, STEPS, WIDTH)
assert model(rows_first).shape == (BATCH, HIDDEN)
above = [influence(rows_first, (row,), BATCH - 1) for row in range(BATCH)]
print("rows first: the last row moves with row", [f"{value:.4f}" for value in above])
assert min(above) > 1e-4
PY

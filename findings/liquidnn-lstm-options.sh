#!/usr/bin/env bash
# liquidnn 1.1.2: two options of an LSTM go one place too far: batch_first=True puts in biases, and
# bidirectional decides whether rows come first. The example of its page lets rows mix.
#
# Packages: liquidnn 1.1.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `LiquidLSTM(..., batch_first=True, bidirectional=False)` on an input of batch=3,
# seq_len=12, as on its page, runs an LSTM along the steps of each row. What a row holds does not
# change what is said of another, and what a step holds does not change earlier ones.
#
# Happens: both are given to `torch.nn.LSTM` by position, where the fourth argument is `bias` and
# the fifth `batch_first`. With the example's options the LSTM runs along the rows: the first step
# of the second row goes on from the first step of the first row. With bidirectional=True, the
# default, rows are apart and there is one direction; without batch_first there are no biases.
#
# Seen, the LSTM inside, 3 rows of 12 steps:
#   batch_first   bidirectional   its biases   its batch_first   its directions   rows apart
#   True          False           yes          no                1                no
#   True          True            yes          yes               1                yes
#   False         False           no           no                1                (steps first)
# The output of the second row changes by 0.05 when the first row is another one.
#
# Matters for: training in batches and using it for one sequence at a time, which is another model.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps liquidnn==1.1.2
venv/bin/python -W ignore - <<'PY'
import torch
from liquidnn import LiquidLSTM

BATCH, STEPS, WIDTH, HIDDEN = 3, 12, 10, 32


def layer(batch_first, bidirectional):
    torch.manual_seed(0)
    return LiquidLSTM(input_size=WIDTH, hidden_size=HIDDEN, num_layers_liq=2, num_layers_lstm=1, batch_first=batch_first, bidirectional=bidirectional)


def moved(model):
    """How far the output of the second row moves when the first row is drawn anew."""
    torch.manual_seed(1)
    x = torch.randn(BATCH, STEPS, WIDTH)
    other = torch.cat([3 * torch.randn(1, STEPS, WIDTH), x[1:]])
    with torch.no_grad():
        return float((model(x)[1] - model(other)[1]).abs().max())


for options in ((True, False), (True, True), (False, False)):
    model = layer(*options)
    inner = model.rnn
    print(options, "bias", inner.bias, "batch_first", inner.batch_first, "bidirectional", inner.bidirectional, f"moved {moved(model):.3f}")
    assert (inner.bias, inner.batch_first, inner.bidirectional) == (*options, False)
assert moved(layer(True, False)) > 0.05 and moved(layer(True, True)) == 0
right = layer(True, False)
right.rnn.batch_first = True
assert moved(right) == 0
PY

#!/usr/bin/env bash
# batchnorm-lstm 0.0.1: dropout of p keeps p: of a dropout of 0.1, nine in ten numbers are dropped.
#
# Packages: batchnorm-lstm 0.0.1, numpy 2.4.6.
#
# Expected: "p: Dropout parameter. We drop each neuron output with probability p", and "if dropout=0
# then the network should not use dropout at all". A small p drops little.
#
# Happens: a number is kept where a draw is below p, and what is kept is divided by p. 0 is none,
# a bit more than 0 is nearly everything, and 0.9 is what 0.1 should be.
#
# Seen, a million ones:
#   p                  0.05    0.1    0.5    0.9
#   dropped, right     0.05    0.1    0.5    0.9
#   dropped, found     0.95    0.90   0.50   0.10
#   what is kept is    20      10     2      1.1
#
# Matters for: choosing p by a search; a model that gets worse the smaller p is, until it is 0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps batchnorm-lstm==0.0.1
venv/bin/python - <<'PY'
import numpy as np
from batchnormlstm.classifiers.lstm import AdvancedLSTM
from batchnormlstm.layers import dropout_forward

N = 1_000_000
np.random.seed(0)
for p in (0.05, 0.1, 0.5, 0.9):
    model = AdvancedLSTM([2], input_dim=1, dropout=p)
    assert model.use_dropout and model.dropout_param["p"] == p
    out, _ = dropout_forward(np.ones(N), {"mode": "train", "p": p})
    dropped = float((out == 0).mean())
    print(f"p {p}: dropped {dropped:.3f}, what is kept is {out.max():.2f}")
    assert abs(dropped - (1 - p)) < 0.003
assert not AdvancedLSTM([2], input_dim=1, dropout=0).use_dropout
PY

#!/usr/bin/env bash
# pydynet 1.1: the log-softmax of a batch with as many rows as classes takes each class's
# normaliser from another row: a row's probabilities do not sum to 1.
#
# Packages: pydynet 1.1, numpy 2.4.6.
#
# Expected: `log_softmax(x, axis=1)` is the logarithm of `softmax(x, axis=1)`: one number,
# the logarithm of the row's sum, is taken off all numbers of a row.
#
# Happens: the sums are made without keeping their axis (`keepdims=False` is the default),
# so that they are a row of numbers, one for each row of the batch, and number j is taken
# off class j of every row. With other numbers of rows than classes the shapes do not fit
# and it raises; with as many, it goes through. With `keepdims=True` it is right.
#
# Seen (sum of the probabilities of each row):
#   right: 1.00 1.00 1.00 1.00
#   given: 3.05 1.05 0.99 0.96
#   three rows of four classes: raises
#
# Matters for: everyone whose batches have as many rows as there are classes, ten of ten
# for instance: the loss is wrong by up to the logarithm of that number, and no other batch goes through.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pydynet==1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
import pydynet.nn.functional as F
from pydynet import Tensor

rng = np.random.default_rng(0)
logits = rng.normal(size=(4, 4)) * np.array([[0.1], [8], [8], [8]])  # one undecided row, three sure ones
right = logits - np.log(np.exp(logits).sum(1, keepdims=True))
mixed = logits - (np.log(np.exp(logits - logits.max(1, keepdims=True)).sum(1)) + logits.max(1, keepdims=True))
given = F.log_softmax(Tensor(logits), axis=1).data
for name, values in (("right", right), ("given", given)):
    print(f"{name}:", *(f"{total:.2f}" for total in np.exp(values).sum(1)))
assert np.allclose(np.exp(right).sum(1), 1) and np.abs(np.exp(given).sum(1) - 1).max() > 0.1
assert np.allclose(given, mixed) and not np.allclose(given, right)
assert np.allclose(F.log_softmax(Tensor(logits), axis=1, keepdims=True).data, right)
assert np.allclose(np.log(F.softmax(Tensor(logits), axis=1).data), right)

try:
    F.log_softmax(Tensor(logits[:3]), axis=1)
    raised = False
except ValueError:
    raised = True
print("three rows of four classes:", "raises" if raised else "goes through")
assert raised
PY

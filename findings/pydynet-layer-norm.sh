#!/usr/bin/env bash
# pydynet 1.1: layer normalisation normalises over the rows of the batch: the rows mix, and
# evaluation is by averages from training.
#
# Packages: pydynet 1.1, numpy 2.4.6.
#
# Expected: `LayerNorm(width)` takes from each row its own mean and divides by its own
# deviation. What it says of a row depends on no other row, is the same in training and in
# evaluation, and has mean 0 over the features.
#
# Happens: mean and variance are taken over all axes but the normalised ones, that is over
# batch and time, one for each feature, and are kept as running averages, by which
# evaluation goes. It is batch normalisation. A row's output depends on its company, later
# steps of a sequence are in the normalisation of earlier ones, and a batch of one row in
# training is all zeros.
#
# Seen:
#   off layer normalisation by 1.86, off batch normalisation by 0e+00
#   the first step's output changes by 1.41 with the last step's input
#   one row alone: 0.00 0.00 0.00 0.00  right: -0.21 -1.12 1.62 -0.28
#   evaluation differs from training by 0.30
#
# Matters for: recurrent layers and transformers normalised by it: causal models read the
# future in training, and one sequence at a time is another model than a batch.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pydynet==1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pydynet import Tensor
from pydynet.nn import LayerNorm


def layer_norm(x, eps):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)


def batch_norm(x, eps):
    axes = tuple(range(x.ndim - 1))
    return (x - x.mean(axes)) / np.sqrt(x.var(axes) + eps)


rng = np.random.default_rng(0)
x = rng.normal(size=(6, 5, 4))  # steps, rows, features
layer = LayerNorm(4)
given = layer(Tensor(x)).data
print(f"off layer normalisation by {np.abs(given - layer_norm(x, layer.eps)).max():.2f},", end=" ")
print(f"off batch normalisation by {np.abs(given - batch_norm(x, layer.eps)).max():.0e}")
assert np.abs(given - layer_norm(x, layer.eps)).max() > 1 and np.abs(given - batch_norm(x, layer.eps)).max() < 1e-12

later = x.copy()
later[-1] += 10
change = np.abs(LayerNorm(4)(Tensor(later)).data[0] - given[0]).max()
print(f"the first step's output changes by {change:.2f} with the last step's input")
assert change > 0.5

alone = LayerNorm(4)(Tensor(x[0, :1])).data
print("one row alone:", *(f"{number:.2f}" for number in alone[0]), " right:", *(f"{number:.2f}" for number in layer_norm(x[0, 0], layer.eps)))
assert not alone.any()

layer.eval()
evaluated = layer(Tensor(x)).data
print(f"evaluation differs from training by {np.abs(evaluated - given).max():.2f}")
assert np.abs(evaluated - given).max() > 0.1
PY

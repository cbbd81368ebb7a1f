#!/usr/bin/env bash
# sparsemax 0.1.9: of a matrix the rows are projected, whichever dimension is asked for: with dim=0 columns sum to .2 or
# to 1.5.
#
# Packages: sparsemax 0.1.9, torch 2.13.0, numpy 2.4.6.
#
# Expected: `Sparsemax(dim)` projects onto the probability simplex; `dim` is "the dimension we want to cast the
# operation over". With dim=0 each column of a matrix sums to 1, as with softmax and with tensors of three dimensions.
#
# Happens: the chosen dimension is moved to the end only if there are more than two. Matrices stay as they are, and the
# last dimension is projected, forward and backward, without a word.
#
# Seen, 3 by 4 normal numbers, against a projection of each column by bisection
#   dim        sums over dim           off by
#   1, -1      1, 1, 1                 1e-15
#   0, -2      .99, .20, .29, 1.52     .79
#   3 by 4 by 5, dim 0, 1, 2: sums 1, off by 1e-15
#
# Matters for: attention or mixing weights over the rows of a matrix: they do not sum to 1, and gradients are of rows.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps sparsemax==0.1.9
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from sparsemax import Sparsemax

print("sparsemax", version("sparsemax"), "torch", torch.__version__)


def project(values):
    """The nearest probability vector: what is above a threshold, found by bisection, that leaves a sum of 1."""
    low, high = values.min() - 1, values.max()
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(values - middle, 0).sum() > 1 else (low, middle)
    return np.maximum(values - low, 0)


def sparsemax(values, dim):
    return np.apply_along_axis(project, dim, values)


torch.manual_seed(0)
for shape in ((3, 4), (3, 4, 5)):
    values = torch.randn(shape, dtype=torch.float64)
    for dim in range(-len(shape), len(shape)):
        found, right = Sparsemax(dim=dim)(values).numpy(), sparsemax(values.numpy(), dim)
        off = np.abs(found - right).max()
        print(f"{shape}, dim {dim}: off by {off:.1e}", end="")
        print(f", sums over dim {np.round(found.sum(dim), 2).tolist()}" if len(shape) == 2 else "")
        assert np.allclose(right.sum(dim), 1) and np.all(right >= 0)
        if len(shape) == 2 and dim in (0, -2):
            assert off > 0.3 and np.abs(found.sum(0) - 1).max() > 0.5
            assert np.allclose(found, sparsemax(values.numpy(), 1))
        else:
            assert off < 1e-12
    weights = torch.randn(shape, dtype=torch.float64)
    values.requires_grad_()
    gradients = [torch.autograd.grad((Sparsemax(dim=dim)(values) * weights).sum(), values)[0] for dim in (0, -1)]
    print(f"{shape}: gradients for dim 0 and -1 are the same: {torch.equal(*gradients)}")
    assert torch.equal(*gradients) == (len(shape) == 2)
PY

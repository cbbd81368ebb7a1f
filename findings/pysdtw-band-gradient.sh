#!/usr/bin/env bash
# pysdtw 0.0.5: with a bandwidth, the gradient of a shorter row of a packed batch is NaN, while its distance is right.
#
# Packages: pysdtw 0.0.5, torch 2.13.0, numba 0.65.1, numpy 2.4.6.
#
# Expected: `SoftDTW(gamma, bandwidth=...)` takes tensors or packed sequences, whose rows have lengths of their own, and
# is a loss. A row's gradient is that of its own distance, the same as when the row is the only one.
#
# Happens: distances take the band from the lengths of the row, gradients from the lengths of the padded batch. Where
# the row's two lengths are in another ratio than those of the batch the bands differ, and infinities of one are
# subtracted in the other.
#
# Seen, gamma 1, a band of 3, a row together with one of 12 and 12 steps; gradients checked by differences
#   lengths of the row     6, 6    6, 7   8, 10    10, 8    11, 12    12, 11
#   distance off           0       0      0        0        0         0
#   gradient alone off     4e-6 or less
#   gradient in batch off  0       NaN    NaN      NaN      NaN       NaN
# Without a band, or with a tensor in which all rows are as long, all gradients are right.
#
# Matters for: training on sequences of different lengths with a band: one step makes all weights NaN.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numba==0.65.1 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pysdtw==0.0.5
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from pysdtw import SoftDTW
from torch.nn.utils.rnn import pack_sequence

BAND = 3
print("pysdtw", version("pysdtw"), "torch", torch.__version__)
torch.manual_seed(0)


def distance(first, second, band):
    """Soft dynamic time warping with gamma 1, in a band along the diagonal of this pair's own lengths."""
    rows, columns = len(first), len(second)
    table = np.full((rows + 1, columns + 1), np.inf)
    table[0, 0] = 0.0
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            here = i * columns / rows if columns > rows else i
            there = j * rows / columns if columns < rows else j
            if band is None or abs(here - there) <= band:
                before = np.array([table[i - 1, j - 1], table[i - 1, j], table[i, j - 1]])
                if before.min() < np.inf:
                    soft = before.min() - np.log(np.exp(before.min() - before).sum())
                    table[i, j] = (first[i - 1] - second[j - 1]) ** 2 + soft
    return table[-1, -1]


def by_differences(first, second, band, step=1e-5):
    return np.array([(distance(first + change, second, band) - distance(first - change, second, band)) / (2 * step)
                     for change in step * np.eye(len(first))])


def packed(*rows):
    return pack_sequence([row[:, None] for row in rows], enforce_sorted=False)


longest = torch.randn(2, 12, dtype=torch.float64)
for band in (BAND, None):
    loss = SoftDTW(gamma=1.0, use_cuda=False, bandwidth=band)
    for lengths in ((6, 6), (6, 7), (8, 10), (10, 8), (11, 12), (12, 11)):
        first = torch.randn(lengths[0], dtype=torch.float64, requires_grad=True)
        second = torch.randn(lengths[1], dtype=torch.float64)
        values = first.detach().numpy(), second.numpy()
        right = by_differences(*values, band)
        alone = torch.autograd.grad(loss(first[None, :, None], second[None, :, None]).sum(), first)[0].numpy()
        both = loss(packed(first, longest[0]), packed(second, longest[1]))
        found = torch.autograd.grad(both.sum(), first)[0].numpy()
        off = abs(float(both[0].detach()) - distance(*values, band))
        print(f"band {band}, lengths {lengths}: distance off {off:.1e}, gradient alone off "
              f"{np.abs(alone - right).max():.1e}, in a batch {np.abs(found - right).max():.1e}")
        assert off < 1e-5 and np.abs(alone - right).max() < 1e-4
        if band is None or lengths[0] == lengths[1]:
            assert np.abs(found - right).max() < 1e-4
        else:
            assert np.isnan(found).any()
PY

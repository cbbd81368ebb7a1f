#!/usr/bin/env bash
# torchium 0.1.5: the "dynamic time warping" loss does not look at the order: a series backwards or shuffled is as good
# as itself, and its median repeated is better.
#
# Packages: torchium 0.1.5, torch 2.13.0, numpy 2.4.6.
#
# Expected: `DTWLoss`, a "Dynamic Time Warping loss for time series". Warping aligns two series by steps that go forward
# in both, from the two first points to the two last; the soft version sums over all such alignments.
#
# Happens: each step of the prediction takes the soft minimum of its distances to all steps of the target, wherever they
# are, and these are averaged. There are no alignments, and nothing of the target need be met.
#
# Seen, a random walk of 20 steps as target, gamma 1
#   prediction               loss     soft warping by recursion
#   the target              -1.58     -18.3
#   the target backwards    -1.58     241
#   the target shuffled     -1.58     164
#   its median repeated     -2.09     127
#
# Matters for: training forecasts with this loss: no order in time is learned, and a constant has the least loss.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torchium==0.1.5
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from torchium.losses import DTWLoss

LENGTH = 20
print("torchium", version("torchium"), "torch", torch.__version__)


def warping(first, second):
    """Soft dynamic time warping with gamma 1, by the recursion over pairs of steps."""
    table = np.full((len(first) + 1, len(second) + 1), np.inf)
    table[0, 0] = 0.0
    for i in range(1, len(first) + 1):
        for j in range(1, len(second) + 1):
            before = np.array([table[i - 1, j - 1], table[i - 1, j], table[i, j - 1]])
            soft = before.min() - np.log(np.exp(before.min() - before).sum())
            table[i, j] = (first[i - 1] - second[j - 1]) ** 2 + soft
    return table[-1, -1]


rng = np.random.default_rng(0)
target = np.cumsum(rng.standard_normal(LENGTH))
found, right = {}, {}
for name, series in (
    ("the target", target),
    ("the target backwards", target[::-1].copy()),
    ("the target shuffled", rng.permutation(target)),
    ("its median repeated", np.full(LENGTH, np.median(target))),
):
    tensors = (torch.from_numpy(values)[None, :, None] for values in (series, target))
    found[name], right[name] = float(DTWLoss()(*tensors)), warping(series, target)
    print(f"{name}: {found[name]:.3f}, soft warping {right[name]:.2f}")
assert abs(found["the target backwards"] - found["the target"]) < 1e-9
assert abs(found["the target shuffled"] - found["the target"]) < 1e-9
assert found["its median repeated"] < found["the target"] - 0.3
assert all(right[name] > right["the target"] + 100 for name in right if name != "the target")
PY

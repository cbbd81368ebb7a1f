#!/usr/bin/env bash
# turbESN 0.0.1.9.5.0: a normalised error is divided by the root of a standard deviation, that of the
# prediction: it depends on the unit, and a constant prediction has an error of 700.
#
# Packages: turbESN 0.0.1.9.5.0, torch 2.13.0 (CPU), numpy 2.4.6, scipy 1.17.1, h5py 3.16.0, PyYAML 6.0.4,
# matplotlib 3.11.2.
#
# Expected: `compute_nrmse(y_true, y_pred)` is "the normalized root mean square error", the root mean
# square of the error over the standard deviation of the truth: without a unit, 1 for a
# prediction of the mean.
#
# Happens: sqrt(MSE / std(y_pred)). In other units it changes with the root of the factor, and the
# standard deviation is that of the prediction: less variation looks worse, more looks better.
#
# Seen, a sine, and predictions of it:
#   prediction             right     found, in m    found, in mm
#   90 % of it             0.100     0.089          2.8
#   its mean               1.000     707            707,107
#   twice of it            1.000     0.594          18.8
#   ten times as large     9.000     2.39           75.7
#
# Matters for: choosing networks by it, and comparing variables in different units.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 h5py==3.16.0 PyYAML==6.0.4 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps turbESN==0.0.1.9.5.0
venv/bin/python -W ignore - <<'PY'
import math

import torch
from turbESN.util import compute_nrmse

truth = torch.sin(2 * math.pi * torch.arange(1000) / 100.0).reshape(-1, 1)
found = {}
for name, factor in (("90 %", 0.9), ("the mean", 0.0), ("twice", 2.0), ("ten times", 10.0)):
    prediction = factor * truth
    right = float(torch.sqrt(torch.mean((truth - prediction) ** 2)) / truth.std(correction=0))
    metres, millimetres = (float(compute_nrmse(unit * truth, unit * prediction, axis=(0, 1))) for unit in (1.0, 1000.0))
    found[name] = right, metres, millimetres
    print(f"{name}: right {right:.3f}, in m {metres:.3f}, in mm {millimetres:.1f}")
    assert abs(right - abs(1 - factor)) < 1e-5
    assert abs(millimetres / metres - 1000**0.5) < 0.1 or not factor
assert found["the mean"][1] > 500 and found["twice"][1] < 0.7
PY

#!/usr/bin/env bash
# auto_esn 0.0.7: a normalised error is divided by how far predictions are from the mean of the truth:
# predicting the mean has an infinite error, and predicting a thousand times too much one of 1.
#
# Packages: auto_esn 0.0.7, torch 2.13.0 (CPU), numpy 2.4.6, networkx 3.6.1, scipy 1.17.1.
#
# Expected: `NRMSELoss` is the root of the sum of squared errors over the sum of squared deviations
# of the truth from its mean: 1 for the mean, and the larger the farther off.
#
# Happens: the deviations are those of the prediction. What is predicted far off is divided by just
# that, and the error cannot be told from 1. `NRMSELossMG` sums squared errors and does not
# divide by how many there are: it grows with the root of the length.
#
# Seen, a sine of 1,000 steps, predictions of it:
#   prediction               right     NRMSELoss
#   half of it               0.50      1.00
#   its mean                 1.00      infinite
#   1,000 times as large     999       1.00
#   NRMSELossMG of half of it: 15.8; of 100 steps 5.0, of 10,000 50
#
# Matters for: choosing networks by it: they are drawn to large outputs, and none is far above 1.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 networkx==3.6.1 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps auto_esn==0.0.7
venv/bin/python -W ignore - <<'PY'
import math

import torch
from auto_esn.esn.reservoir.util import NRMSELoss, NRMSELossMG


def sine(steps):
    return torch.sin(2 * math.pi * torch.arange(steps, dtype=torch.float64) / 100)


truth, found = sine(1000), {}
for name, factor in (("half", 0.5), ("mean", 0.0), ("thousandfold", 1000.0)):
    prediction = factor * truth if factor else torch.full_like(truth, float(truth.mean()))
    right = float(((prediction - truth) ** 2).sum().sqrt() / ((truth - truth.mean()) ** 2).sum().sqrt())
    found[name] = right, float(NRMSELoss()(prediction, truth))
    print(f"{name}: right {right:.3f}, found {found[name][1]:.3f}")
lengths = {steps: float(NRMSELossMG()(0.5 * sine(steps), sine(steps))) for steps in (100, 1000, 10_000)}
print("NRMSELossMG", {steps: f"{value:.1f}" for steps, value in lengths.items()})
assert abs(found["half"][0] - 0.5) < 1e-9 and abs(found["half"][1] - 1) < 1e-6
assert found["mean"][0] < 1 + 1e-9 and found["mean"][1] > 1e6
assert found["thousandfold"][0] > 998 and found["thousandfold"][1] < 1.01
assert 9 < lengths[10_000] / lengths[100] < 11
PY

#!/usr/bin/env bash
# balanced-loss 0.1.1: the focal loss of an example that is as wrong as can be is 0: below a logit of -88 it falls from 89 to
# nothing, and gradients are NaN.
#
# Packages: balanced-loss 0.1.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: the focal loss (Lin et al. 2017), (1 - p)^gamma * cross entropy: for the true class at a logit of -100 it is
# 100, and its slope -1. The cross entropy inside is torch's, which is exact there.
#
# Happens: the weight is exp(-gamma y x - gamma log(1 + exp(-x))). For x below -88.7 exp(-x) is infinite in float32, the
# weight exp(-infinity), that is 0, and the slope 0 times infinity.
#
# Seen, one class, its label 1, gamma 2
#   logit      -10     -80     -88     -89     -100
#   right      10      80      88      89      100
#   found      10      80      88      0       0
#   slope      -1      -1      -1      nan     nan
#
# Matters for: runs that diverge or resume from other weights; with half precision the border is at -11.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps balanced-loss==0.1.1
venv/bin/python -W ignore - <<'PY'
import math

import torch
from balanced_loss.losses import Loss, focal_loss


def right(x, gamma):
    """(1 - p)^gamma times -log p in a form that holds for negative x."""
    cross = math.log1p(math.exp(x)) - x
    return (1 / (1 + math.exp(x))) ** gamma * cross


for x in (-10.0, -80.0, -88.0, -89.0, -100.0):
    logit = torch.tensor([[x]], requires_grad=True)
    loss = focal_loss(logit, torch.ones(1, 1), gamma=2)
    loss.backward()
    print(f"logit {x:g}: right {right(x, 2):.4g}, found {float(loss.detach()):.4g}, slope {float(logit.grad):.3g}")
    if x > -88.5:
        assert abs(float(loss.detach()) - right(x, 2)) < 1e-3 and abs(float(logit.grad) + 1) < 1e-3
    else:
        assert float(loss.detach()) == 0.0 and math.isnan(float(logit.grad))

# The class that users call: the true class at -100 against one at 0, and the same in double.
logits, labels = torch.tensor([[-100.0, 0.0]]), torch.tensor([0])
single, double = Loss("focal_loss")(logits, labels), Loss("focal_loss")(logits.double(), labels)
print(f"Loss('focal_loss'): float32 {float(single):.4g}, float64 {float(double):.4g}")
assert abs(float(double) - (right(-100.0, 2) + 0.25 * math.log(2))) < 1e-3 and float(single) < 0.2
half = focal_loss(torch.tensor([[-12.0]], dtype=torch.float16), torch.ones(1, 1, dtype=torch.float16), gamma=2)
print("float16, logit -12:", float(half))
assert float(half) == 0.0
PY

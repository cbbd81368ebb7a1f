#!/usr/bin/env bash
# cbloss 0.2.0: the balance of the binary focal loss balances nothing: `alpha` multiplies both classes.
#
# Packages: cbloss 0.2.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: "alpha = balancing parameter [...], the balance between positive and negative samples", and the formula in the
# docstring: - alpha (1 - p)^gamma log p if y = 1, - (1 - alpha) p^gamma log(1 - p) otherwise (Lin et al. 2017).
#
# Happens: alpha multiplies the loss of every sample; 1 - alpha stands nowhere. It is a learning rate.
#
# Seen, p = 0.5, gamma 2, the loss of a positive and a negative sample
#   alpha            0.25               0.75
#   right            0.0433, 0.1300     0.1300, 0.0433
#   FocalLoss(2)     0.0433, 0.0433     0.1300, 0.1300
#
# Matters for: rare positives or negatives: a search over alpha finds noise.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps cbloss==0.2.0
venv/bin/python -W ignore - <<'PY'
import math

import torch
from cbloss.loss import FocalLoss


def right(logit, positive, alpha, gamma):
    p = 1 / (1 + math.exp(-logit))
    return -alpha * (1 - p) ** gamma * math.log(p) if positive else -(1 - alpha) * p**gamma * math.log(1 - p)


for logit in (0.0, 1.5):
    for gamma in (0.0, 2.0):
        for alpha in (0.25, 0.75):
            loss = FocalLoss(num_classes=2, alpha=alpha, gamma=gamma, reduction="none")
            found = loss(torch.full((2,), logit, dtype=torch.float64), torch.tensor([1, 0])).tolist()
            wanted = [right(logit, positive, alpha, gamma) for positive in (True, False)]
            print(f"logit {logit}, gamma {gamma:g}, alpha {alpha}: right {wanted[0]:.4f} {wanted[1]:.4f}, found {found[0]:.4f} {found[1]:.4f}")
            assert abs(found[0] - wanted[0]) < 1e-6
            assert abs(found[1] - wanted[1] * alpha / (1 - alpha)) < 1e-6
PY

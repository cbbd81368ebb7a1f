#!/usr/bin/env bash
# core-optimizer 1.1.0: a list of weight decays for parameter groups goes round over the parameters of each group:
# the group with decay 0 decays in every second parameter, and the other one does not there.
#
# Packages: core-optimizer 1.1.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: "weight_decay (float or List[float], optional): weight decay for all parameters or list of weight
# decays for parameter groups", and the same for `frozen`. With two groups and [0.5, 0.0] the first decays by
# 1 - 0.5 * |u| s (u s the step, the last line of the algorithm) and the second not at all.
#
# Happens: the number of the parameter within its group is taken modulo the length of the list, and the number of
# the group nowhere: parameters 0, 2, ... of every group get the first decay, 1, 3, ... the second.
#
# Seen, weights of 1, gradients of 1, one step of rate 0.01, what a parameter is after it
#                                  first group           second group
#   expected                       0.985, 0.985          0.990, 0.990
#   weight_decay [0.5, 0.0]        0.985, 0.990          0.985, 0.990
#   groups with their own list     0.985, 0.985          0.990, 0.990
#
# Matters for: the usual split into weights that decay and biases and norms that do not.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps core-optimizer==1.1.0
venv/bin/python -W ignore - <<'PY'
import torch
from core_optimizer import CoRe

RATE, DECAYS = 0.01, [0.5, 0.0]


def step(groups, **settings):
    optimizer = CoRe(groups, lr=RATE, **settings)
    for group in groups:
        for weight in group["params"]:
            weight.grad = torch.ones_like(weight)
    optimizer.step()
    return [[round(float(weight), 6) for weight in group["params"]] for group in groups]


def weights():
    return [torch.nn.Parameter(torch.ones(1, dtype=torch.float64)) for _ in range(2)]


def wanted(decay):
    """The first step: u is gradient / (|gradient| + 1e-8) after both corrections, and theta (1 - d |u| s) - u s."""
    return round(1 * (1 - decay * RATE) - RATE, 6)


right = [[wanted(decay)] * 2 for decay in DECAYS]
for foreach in (False, True):
    found = step([{"params": weights()}, {"params": weights()}], weight_decay=DECAYS, foreach=foreach)
    print("foreach" if foreach else "single", "expected", right, "found", found)
    assert found == [[wanted(decay) for decay in DECAYS]] * 2 != right
own = step([{"params": weights(), "weight_decay": [decay]} for decay in DECAYS])
print("groups with their own list", own)
assert own == right
assert step([{"params": weights()}], weight_decay=0.5) == [[wanted(0.5)] * 2]
PY

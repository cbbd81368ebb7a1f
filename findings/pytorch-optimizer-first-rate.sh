#!/usr/bin/env bash
# pytorch-optimizer 4.1.0: the first step of a schedule without warm-up is taken with the lowest
# rate instead of the highest: with REX it is 0.
#
# Packages: pytorch_optimizer 4.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: a torch scheduler sets the rate of step 0 when it is made, and `scheduler.step()`
# after each `optimizer.step()` the next one. "Rational learning rate decay" starts at its
# maximum, (1 - z) / (1 - z / 2) with z from 0 on (Chen et al. 2022); cosine decay with
# restarts starts each cycle at its maximum if it has no warm-up.
#
# Happens: both constructors end by setting every rate to `min_lr`, after the scheduler has
# set that of step 0. All later steps are right, the first ones of later cycles too.
#
# Seen, rates of 5 steps (REX), of 2 cycles of 4 (cosine, gamma 1), maximum 1, minimum 0:
#   REX, right      1.0000  0.8889  0.7500  0.5714  0.3333
#   REX             0.0000  0.8889  0.7500  0.5714  0.3333
#   cosine, right   1.0000  0.8536  0.5000  0.1464   1.0000  0.8536  0.5000  0.1464
#   cosine          0.0000  0.8536  0.5000  0.1464   1.0000  0.8536  0.5000  0.1464
#
# Matters for: schedules that count epochs: the first one, which is to be the fastest, is lost.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch_optimizer==4.1.0
venv/bin/python - <<'PY'
import math

import torch
from pytorch_optimizer.lr_scheduler import CosineAnnealingWarmupRestarts, REXScheduler


def rates(make, count):
    """The rates with which `count` steps are taken, the scheduler being moved after each."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler, used = make(optimizer), []
    for _ in range(count):
        used.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return used


def show(name, values):
    print(f"{name:14}", *(f"{value:.4f}" for value in values))


right = [(1 - z / 5) / (1 - z / 10) for z in range(5)]
found = rates(lambda optimizer: REXScheduler(optimizer, total_steps=5, max_lr=1.0, min_lr=0.0), 5)
show("REX, right", right)
show("REX", found)
assert all(abs(a - b) < 1e-12 for a, b in zip(found, [0.0, *right[1:]]))

right = [(1 + math.cos(math.pi * step / 4)) / 2 for step in range(4)] * 2
found = rates(lambda optimizer: CosineAnnealingWarmupRestarts(optimizer, 4, max_lr=1.0, min_lr=0.0, gamma=1.0), 8)
show("cosine, right", right)
show("cosine", found)
assert found[0] == 0 and all(abs(a - b) < 1e-12 for a, b in zip(found[1:], right[1:]))
again = rates(lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 4), 8)
assert all(abs(a - b) < 1e-12 for a, b in zip(again, right)), "torch's own, without warm-up"
PY

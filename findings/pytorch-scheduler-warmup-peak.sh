#!/usr/bin/env bash
# pytorch-scheduler 0.2.2: a warm-up in front of torch's own schedules never gets to the learning
# rate: it stops one step below, and a warm-up of one step stops at 0 for good.
#
# Packages: pytorch-scheduler 0.2.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `WarmupScheduler` is a "composable warmup wrapper for any LR scheduler": "LR increases
# from 0 to base_lr", then step k of the schedule follows, with its rate for step k.
#
# Happens: for torch's schedules it sets `last_epoch` and asks `get_lr()`. Most of these work from the
# rate that the optimiser has now: they give it back, or multiply it by the step's factor. After
# a warm-up of w steps that is (w - 1) / w of the rate, and no later step makes up for it. (The
# cosine one finds back to its curve after a step; LambdaLR, which works from the base rate, is
# right, as are the package's own schedules.)
#
# Seen, rate 1, a warm-up of 1, 2 and 4 steps, largest rate ever taken (right: 1.0):
#   StepLR, MultiStepLR, ExponentialLR, ConstantLR, PolynomialLR   0.0   0.5   0.75
#   CosineAnnealingLR over 8 steps                                 0.96  0.96  0.96
#   LambdaLR, and the package's own cosine                         1.0   1.0   1.0
#
# Matters for: warm-ups counted in epochs: with one the model is never trained, without an error,
# with five the whole run has 80 % of its rate.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch-scheduler==0.2.2
venv/bin/python -W ignore - <<'PY'
import torch
from pytorch_scheduler import CosineWithWarmupScheduler, WarmupScheduler
from torch.optim import lr_scheduler as schedules

STEPS = 12
BASES = {
    "StepLR": lambda o: schedules.StepLR(o, 5, 0.1),
    "MultiStepLR": lambda o: schedules.MultiStepLR(o, [5, 8], 0.1),
    "ExponentialLR": lambda o: schedules.ExponentialLR(o, 0.9),
    "ConstantLR": lambda o: schedules.ConstantLR(o, 1.0),
    "PolynomialLR": lambda o: schedules.PolynomialLR(o, 8),
    "CosineAnnealingLR": lambda o: schedules.CosineAnnealingLR(o, 8),
    "LambdaLR": lambda o: schedules.LambdaLR(o, lambda step: 0.9**step),
    "own cosine": lambda o: CosineWithWarmupScheduler(o, 8),
}


def rates(base, warmup):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = BASES[base](optimizer)
    if warmup:
        schedule = WarmupScheduler(optimizer, schedule, warmup_steps=warmup)
    seen = []
    for _ in range(STEPS):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return torch.tensor(seen)


for base in BASES:
    alone = rates(base, 0)
    assert alone[0] == 1
    for warmup in (1, 2, 4):
        right = torch.cat([torch.arange(warmup) / warmup, alone])[:STEPS]
        found = rates(base, warmup)
        print(f"{base:18} warm-up {warmup}:", *(f"{rate:.2f}" for rate in found), f"  largest {found.max():.2f}")
        assert torch.equal(found[:warmup], right[:warmup])
        if base in ("LambdaLR", "own cosine"):
            assert torch.allclose(found, right)
        elif base == "CosineAnnealingLR":
            assert 0.9 < found.max() < 0.97 and torch.allclose(found[warmup + 2 : warmup + 8], right[warmup + 2 : warmup + 8], atol=0.03)
        else:
            assert bool((found[warmup:] <= right[warmup:] * (warmup - 1) / warmup + 1e-6).all())
            assert found.max() == (warmup - 1) / warmup
PY

#!/usr/bin/env bash
# custom-onecyclelr 0.2.0: all groups of parameters get one learning rate, and the first step is taken with
# the optimiser's own rate instead of the one that the warm-up starts from.
#
# Packages: custom-onecyclelr 0.2.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `OneCycleLr(optimizer, ..., max_lr, warmup_start_lr)`, "compatibility with any PyTorch optimizer":
# a warm-up from `warmup_start_lr`, "the starting learning rate during the warmup phase", to `max_lr`,
# then a plateau, a cosine and a line. torch's schedules keep the ratio of the groups' rates, or are
# given one for each group.
#
# Happens: `get_lr` gives out one number for all groups: a pretrained layer that is to learn a hundred
# times slower, or not at all (a rate of 0), learns like all others from the second step on. At step 0
# it gives back what is in the optimiser, since the schedule's numbers are not set yet.
#
# Seen, warm-up over 4 steps from .0001 to .01, groups with rates of .01, .0001 and 0
#   rates at step                package                   one factor for each
#   0                            .01, .0001, 0             .0001, 1e-6, 0
#   1                            .00032, .00032, .00032    .00032, 3.2e-6, 0
#   4                            .01, .01, .01             .01, .0001, 0
#   moved in 30 steps of 1       .15, .14, .14             .14, .0014, 0
#
# Matters for: fine-tuning; and the first step, the one that a warm-up is for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps custom-onecyclelr==0.2.0
venv/bin/python -W ignore - <<'PY'
import torch
from custom_onecyclelr.scheduler import OneCycleLr

RATES, STEPS = (0.01, 0.0001, 0.0), 30


def rates(make):
    """Rates of all groups at each step, and what was moved in each group in all."""
    weights = [torch.nn.Parameter(torch.zeros(1)) for _ in RATES]
    optimiser = torch.optim.SGD([{"params": [weight], "lr": rate} for weight, rate in zip(weights, RATES)])
    schedule, seen = make(optimiser), []
    for _ in range(STEPS):
        seen.append([group["lr"] for group in optimiser.param_groups])
        for weight in weights:
            weight.grad = torch.ones(1)
        optimiser.step()
        schedule.step()
    return seen, [-weight.item() for weight in weights]


def package(optimiser):
    return OneCycleLr(optimiser, warmup_iters=4, lr_idling_iters=6, annealing_iters=10, decay_iters=10, max_lr=0.01, annealing_lr_min=0.002, decay_lr_min=0.0001, warmup_start_lr=0.0001)


def factor(step):
    """The same schedule, as a factor of each group's own rate; its maximum is 1."""
    if step <= 4:
        return 0.01 * 100 ** (step / 4)
    if step <= 10:
        return 1.0
    if step <= 20:
        return 0.2 + 0.8 * (1 + torch.cos(torch.tensor(torch.pi * (step - 10) / 10)).item()) / 2
    return 0.2 - (step - 20) / 10 * 0.19


seen, moved = rates(package)
right, right_moved = rates(lambda optimiser: torch.optim.lr_scheduler.LambdaLR(optimiser, factor))
for step in (0, 1, 2, 4, 10, 20):
    print(f"step {step:2}: package", [f"{rate:.2g}" for rate in seen[step]], "right", [f"{rate:.2g}" for rate in right[step]])
print("moved by gradients of 1: package", [f"{m:.3g}" for m in moved], "right", [f"{m:.3g}" for m in right_moved])
assert all(len(set(row)) == 1 for row in seen[1:]) and seen[0] == list(RATES)
assert all(abs(row[0] - good[0]) < 1e-8 for row, good in zip(seen[1:], right[1:]))  # the first group's are right but at step 0
assert abs(right[0][0] - 0.0001) < 1e-12 and seen[0][0] == 0.01
assert right_moved[2] == 0 and moved[2] > 0.1 and moved[1] > 50 * right_moved[1]
PY

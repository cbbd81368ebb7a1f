#!/usr/bin/env bash
# grokadamw 0.1.2: the first steps of the twentieth tensor are nine learning rates long, those of the first
# one a single rate: the momentum of later layers is smaller, and all are corrected by the first one's.
#
# Packages: grokadamw 0.1.2, torch 2.13.0, numpy 2.4.6.
#
# Expected: `GrokAdamW` is AdamW with a filter for gradients and a momentum beta_1 (1 - gamma)^i for the
# tensor number i. AdamW divides the mean of gradients by 1 - beta^t, the sum of its weights: with the
# same gradient at every step each step is one learning rate long, whatever the momentum.
#
# Happens: the mean is of each tensor's own momentum, and is divided by 1 - beta_1^t, of the first tensor.
# For the tensor number i the first step is (1 - beta_1 (1 - gamma)^i) / (1 - beta_1) rates long.
#
# Seen, a gradient of 1 at every step, defaults without weight decay, steps in learning rates:
#   tensor              1      2      5      10     20     right
#   first step          1.00   1.90   4.10   6.51   8.78   1
#   steps 1 to 10, sum  10.1   16.1   24.8   30.0   33.3   10
#
# Matters for: beginning to train, or to train on, anything with more than a few tensors: a warm-up
# upside down, largest at the output.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps grokadamw==0.1.2
venv/bin/python -W ignore - <<'PY'
import torch
from grokadamw import GrokAdamW

TENSORS, STEPS, RATE, BETA, GAMMA = 20, 10, 1e-3, 0.9, 0.1


def lengths(**options):
    """Length of every step of every tensor, in learning rates."""
    tensors = [torch.nn.Parameter(torch.zeros(1, dtype=torch.float64)) for _ in range(TENSORS)]
    optimizer = GrokAdamW(tensors, lr=RATE, weight_decay=0.0, gradient_clipping=0.0, **options)
    before, steps = torch.zeros(TENSORS, dtype=torch.float64), []
    for _ in range(STEPS):
        for tensor in tensors:
            tensor.grad = torch.ones_like(tensor)
        optimizer.step()
        now = torch.cat([tensor.detach() for tensor in tensors])
        steps.append((before - now) / RATE)
        before = now.clone()
    return torch.stack(steps)


plain = lengths(gamma=0.0, lamb=0.0)  # AdamW itself
assert torch.allclose(plain, torch.ones_like(plain), atol=1e-5)
found = lengths(lamb=0.0)  # with a momentum for each layer, without the filter
print("without a filter, first step:", [round(found[0, i].item(), 2) for i in (0, 1, 4, 9, 19)])
for i in range(TENSORS):
    own = BETA * (1 - GAMMA) ** i
    for t in range(1, STEPS + 1):
        assert abs(found[t - 1, i].item() - (1 - own**t) / (1 - BETA**t)) < 1e-5  # and not 1
default = lengths()
print("defaults, first step:", [round(default[0, i].item(), 2) for i in (0, 1, 4, 9, 19)])
print("defaults, ten steps:", [round(default[:, i].sum().item(), 1) for i in (0, 1, 4, 9, 19)])
assert abs(default[0, 0].item() - 1) < 0.01 and default[0, 19].item() > 8.5
PY

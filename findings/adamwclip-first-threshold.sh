#!/usr/bin/env bash
# AdamWClip 0.1.4: the first gradient is clipped to 1e-10, and every threshold goes by what is left: for
# hundreds of steps only signs count, and steps are up to 2.9 rates.
#
# Packages: AdamWClip 0.1.4, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: AdamW with a threshold of three "standard deviations of the clipped gradient distribution",
# "equivariant [...] with respect to scaling the gradients"; "in most instances, the default values
# should be fine". A gradient that never changes is clipped nowhere, and each step is one rate.
#
# Happens: before the first step the average of squares is 0, and the threshold `clip_grad_min`, 1e-10.
# What is clipped to it is the whole average, so that the next threshold is 3e-10, and so on: it grows
# about like the fourth power of the step until it reaches the gradients, and until then they are all as
# large as it. `clip_grad_warm_up`, 0 by default, helps: with 1 all is right.
#
# Seen, a constant gradient, steps in rates (AdamW: 1 throughout)
#   step               1      10     100    300    500    1,000   2,000
#   gradient 1e-6      0.01   0.37   1.17   1.03   1.01   1.00    0.99
#   gradient 1         0.01   0.37   2.08   2.59   2.72   1.63    1.10
#   gradient 1,000     0.01   0.37   2.08   2.59   2.72   2.82    2.87
# Gradients of -1 in 80 % and of 6 in 20 % (mean 0.55), the way down after 500 steps, in rates:
#   AdamW 89, AdamWClip -653, with a warm-up of one step 89
#
# Matters for: every run with the defaults; gradients that are mostly small the other way lead upwards.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps AdamWClip==0.1.4
venv/bin/python -W ignore - <<'PY'
import random

import torch
from AdamWClip import AdamWClip

BETAS, EPS, SHOWN, SIZES = (0.9, 0.999), 1e-8, (1, 10, 100, 300, 500, 1000, 2000), (1e-6, 1.0, 1000.0)
torch.set_default_dtype(torch.float64)


def walk(make, gradients):
    """What is taken from the parameter at each step, in rates."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer, found = make([parameter]), []
    for gradient in gradients:
        parameter.grad, before = torch.tensor([float(gradient)]), parameter.item()
        optimizer.step()
        found.append(before - parameter.item())
    return found


def clipped(**settings):
    return lambda parameters: AdamWClip(parameters, lr=1.0, weight_decay=0.0, **settings)


def plain(parameters):
    return torch.optim.AdamW(parameters, lr=1.0, weight_decay=0.0)


def recursion(gradients, least=1e-10):
    """Thresholds and steps as described: three roots of the mean square of what was left before."""
    m = v = 0.0
    thresholds, steps = [], []
    for t, gradient in enumerate(gradients, 1):
        thresholds.append(max(3 * (v / (1 - BETAS[1] ** (t - 1))) ** 0.5 if t > 1 else 0.0, least))
        gradient = max(-thresholds[-1], min(thresholds[-1], gradient))
        m, v = BETAS[0] * m + (1 - BETAS[0]) * gradient, BETAS[1] * v + (1 - BETAS[1]) * gradient**2
        steps.append(m / (1 - BETAS[0] ** t) / ((v / (1 - BETAS[1] ** t)) ** 0.5 + EPS))
    return thresholds, steps


for size in SIZES:
    gradients = [size] * SHOWN[-1]
    found, (thresholds, steps) = walk(clipped(), gradients), recursion(gradients)
    reached = next((t for t, limit in enumerate(thresholds, 1) if limit >= size), None)
    print(f"gradient {size:g}:", *(f"{found[step - 1]:.2f}" for step in SHOWN), f"first not clipped: {reached}")
    assert all(abs(a - b) < 1e-6 for a, b in zip(found, steps, strict=True)) and thresholds[0] == 1e-10
    assert max(abs(step - 1) for step in walk(plain, gradients)) < 0.02
    for settings in ({"clip_grad_adapt": None}, {"clip_grad_warm_up": 1}):
        assert max(abs(step - 1) for step in walk(clipped(**settings), gradients)) < 0.02
    assert found[0] < 0.01 and (size < 1 or max(found) > 2.7)
    assert (reached is None) == (size == 1000.0)

draw = random.Random(0)
gradients = [-1.0 if draw.random() < 0.8 else 6.0 for _ in range(500)]
ways = [sum(walk(make, gradients)) for make in (plain, clipped(), clipped(clip_grad_warm_up=1))]
print("mean gradient", sum(gradients) / 500, "way down: AdamW {:.0f}, AdamWClip {:.0f}, with a warm-up {:.0f}".format(*ways))
assert ways[0] > 20 and ways[1] < -200 and ways[2] > 20
PY

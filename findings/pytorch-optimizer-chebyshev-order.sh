#!/usr/bin/env bash
# pytorch-optimizer 4.1.0: the fractal Chebyshev schedule takes its largest step three times and
# never takes its last two: an error that is to shrink to 0.05 grows to 64.
#
# Packages: pytorch_optimizer 4.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: "a fractal Chebyshev learning rate scheduler" (Agarwal, Goel, Zhang 2021): on a
# quadratic with curvatures from 0.05 to 1, `num_epochs` steps of gradient descent whose
# sizes are the reciprocals of the Chebyshev nodes, each one once, leave at most 1 / T(c) of
# every error, c = (1 + 0.05) / (1 - 0.05), T the Chebyshev polynomial: no other sizes do better.
#
# Happens: epoch e has the step of index e - 2, where -2 and -1 count as 0. So the first three
# epochs share the largest step (20 times the learning rate, near the end) and the last
# two indices never come. For 4 epochs, half of the four indices do not exist at all.
#
# Seen, largest share of an error that is left, curvatures 0.05 to 1:
#   epochs   scheduled   each node once   1 / T(c)
#     4       2283.4        0.31588        0.31588
#     8         63.9        0.05251        0.05251
#    16          4.72       0.00138        0.00138
#    32          0.0067     0.00000095     0.00000095
#   8 epochs: 16.91 16.91 16.91 1.01 2.31 1.62 7.69 1.09
#
# Matters for: who chose the schedule for its proof: short runs diverge on the very
# quadratic for which it was made.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch_optimizer==4.1.0
venv/bin/python - <<'PY'
import numpy as np
import torch
from pytorch_optimizer.lr_scheduler import get_chebyshev_schedule

LOW, HIGH = 0.05, 1.0
curvature = np.linspace(LOW, HIGH, 2001)


def left(steps):
    """Largest share of an error that gradient descent with these steps leaves on a quadratic."""
    return np.abs(np.prod([1 - step * curvature for step in steps], axis=0)).max()


def scheduled(epochs):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = get_chebyshev_schedule(optimizer, epochs)
    steps = []
    for _ in range(epochs):
        steps.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return steps


for epochs in (4, 8, 16, 32):
    nodes = np.cos((np.arange(epochs) + 0.5) * np.pi / epochs)
    once = 1 / ((HIGH + LOW) / 2 - (HIGH - LOW) / 2 * nodes)
    bound = 1 / np.cosh(epochs * np.arccosh((HIGH + LOW) / (HIGH - LOW)))
    steps = scheduled(epochs)
    print(f"{epochs:2d} epochs: scheduled {left(steps):.4g}, each node once {left(once):.4g}, 1 / T(c) {bound:.4g}")
    assert abs(left(once) / bound - 1) < 1e-6
    assert left(steps) > 1000 * bound
    assert steps[0] == steps[1] == steps[2] and abs(steps[0] - once[0]) < 1e-9
    if epochs == 8:
        print("   ", *(f"{step:.2f}" for step in steps))
        assert left(steps) > 50
PY

#!/usr/bin/env bash
# adan-pytorch 0.1.0: the first gradient changes nothing, yet the bias correction counts it:
# the first ten steps are too small.
#
# Packages: adan-pytorch 0.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: Adan (Xie et al. 2022) starts with m_0 = g_0, v_0 = 0 and n_0 = g_0^2, so that a
# constant gradient gives steps of one learning rate from the first on; and a mean that
# starts at zero is unbiased when it is divided by 1 - (1 - beta)^t after t updates.
#
# Happens: in the first call the three means are not updated, and the step is 0 (but for weight
# decay). The correction in the calls after is for one update more than there were: m has
# 0.0200 of a gradient and is divided by 0.0396.
#
# Seen, gradient 1, steps in learning rates:
#   call                1      2      3      4      5      8     12     100
#   right            1.000  1.000  1.000  1.000  1.000  1.000  1.000  1.000
#   adan-pytorch     0.000  0.712  0.823  0.873  0.901  0.942  0.964  1.000
#
# Matters for: comparing optimisers on few steps, and for parameters with rare gradients.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps adan-pytorch==0.1.0
venv/bin/python - <<'PY'
import torch
from adan_pytorch import Adan

RATE, BETAS = 0.01, (0.02, 0.08, 0.01)


def steps(gradients):
    parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = Adan([parameter], lr=RATE, betas=BETAS)
    found = []
    for gradient in gradients:
        parameter.grad = torch.full((1,), float(gradient), dtype=torch.float64)
        before = float(parameter.detach())
        optimizer.step()
        found.append((before - float(parameter.detach())) / RATE)
    return found


def right(gradients):
    """The paper's recursion from m_0 = g_0, v_0 = 0, n_0 = g_0^2."""
    m, v, n, last, found = gradients[0], 0.0, gradients[0] ** 2, gradients[0], []
    for t, gradient in enumerate(gradients):
        if t:
            m += BETAS[0] * (gradient - m)
            v += BETAS[1] * (gradient - last - v)
            n += BETAS[2] * ((gradient + (1 - BETAS[1]) * (gradient - last)) ** 2 - n)
        found.append((m + (1 - BETAS[1]) * v) / n**0.5)
        last = gradient
    return found


found, expected = steps([1.0] * 100), right([1.0] * 100)
for name, values in (("right", expected), ("adan-pytorch", found)):
    print(f"{name:13}", *(f"{values[call - 1]:.3f}" for call in (1, 2, 3, 4, 5, 8, 12, 100)))
assert max(abs(x - 1) for x in expected) < 1e-12
assert found[0] == 0 and found[1] < 0.72 and found[11] < 0.97 and found[99] > 0.99
late = (BETAS[0] / (1 - (1 - BETAS[0]) ** 2)) / (BETAS[2] / (1 - (1 - BETAS[2]) ** 2)) ** 0.5
print(f"one update corrected as two: {late:.3f}")
assert abs(found[1] - late) < 1e-6
PY

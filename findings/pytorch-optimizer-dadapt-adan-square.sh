#!/usr/bin/env bash
# pytorch-optimizer 4.1.0: Adan with D-adaptation divides by the gradient's square where its
# root mean square is meant: with a loss a hundred times as large nothing is learned.
#
# Packages: pytorch_optimizer 4.1.0, dadaptation 3.2, torch 2.13.0, numpy 2.4.6.
#
# Expected: `DAdaptAdan` is "Adan with D-Adaptation". Adan divides by the square root of a mean
# of squares of u = gradient + (1 - beta) * difference, so that nothing changes when the loss
# is multiplied by a constant; neither does D-adaptation's estimate of the distance. In
# the method's authors' package, dadaptation, it is so.
#
# Happens: u is squared, and its square is squared again by the `addcmul` that updates the
# mean, whose root is then about u^2. Steps go with 1 / u, and the estimate of the
# distance, which is not to depend on the loss's unit, does. `foreach` or not, the same.
#
# Seen, c * |x - 1|^2 / 2 in 20 dimensions from 0, 400 steps; x and the estimate d:
#          dadaptation             pytorch-optimizer
#      c       x       d                  x           d
#      1    1.00000   52.9             1.00000       56.6
#     10    1.00000   52.9             0.99998        3.1
#    100    1.00000   52.9             0.000004       0.000001
#   1000    1.00000   52.9             0.0000004      0.000001
#   mean of squares after one step with gradient 3, less the factor 0.01: 81 instead of 9
#
# Matters for: training without a learning rate, which is what the method is for: whether it
# moves at all depends on the loss being a mean or a sum.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch_optimizer==4.1.0 dadaptation==3.2
venv/bin/python -W ignore - <<'PY'
import dadaptation
import pytorch_optimizer
import torch


def make(package, x, **options):
    return package.DAdaptAdan([x], lr=1.0, betas=(0.98, 0.92, 0.99), d0=1e-6, weight_decay=0.0, **options)


def descend(package, scale, **options):
    x = torch.nn.Parameter(torch.zeros(20))
    optimizer = make(package, x, **options)
    for _ in range(400):
        optimizer.zero_grad()
        (scale * ((x - 1) ** 2).sum() / 2).backward()
        optimizer.step()
    return float(x.detach().mean()), float(optimizer.param_groups[0]["d"])


for scale in (1.0, 10.0, 100.0, 1000.0):
    right, distance = descend(dadaptation, scale)
    found, estimate = descend(pytorch_optimizer, scale)
    looped, _ = descend(pytorch_optimizer, scale, foreach=False)
    print(f"c = {scale:6}: dadaptation {right:.5f}, d {distance:.1f}; pytorch-optimizer {found:.7f}, d {estimate:.6f}")
    assert abs(right - 1) < 1e-5 and abs(distance - 52.94) < 0.01 and abs(looped - found) < 1e-3
    assert abs(found - 1) < 1e-3 if scale <= 10 else found < 1e-5 and estimate < 1e-5

for package, power in ((dadaptation, 2), (pytorch_optimizer, 4)):
    x = torch.nn.Parameter(torch.zeros(1))
    optimizer = make(package, x)
    x.grad = torch.tensor([3.0])
    optimizer.step()
    mean = float(optimizer.state[x]["exp_avg_sq"])
    print(f"{package.__name__}: mean of squares {mean / 0.01:.0f}")
    assert abs(mean / 0.01 - 3**power) < 0.01
PY

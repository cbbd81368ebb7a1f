#!/usr/bin/env bash
# agc-optims 0.0.2: clipping makes small gradients as large as the limit: every gradient has the
# same size, and training never settles.
#
# Packages: agc-optims 0.0.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: adaptive gradient clipping (Brock and others 2021, equation 3) leaves a gradient as it is
# unless it is larger than `clipping` times the weights; then it is scaled down to that.
#
# Happens: the gradient is scaled to the limit in place, and the choice between it and the one before
# is a choice between two names of one tensor. What was below the limit is scaled up to it.
#
# Seen, two weights of 1, clipping = 0.01, the size of a step of SGD with a rate of 1:
#   gradient   0.000001   0.001     0.01   1      100
#   right      0.000001   0.001     0.01   0.01   0.01
#   agc        0.01       0.01      0.01   0.01   0.01
# And (w - 1)^2 from w = 2 with a rate of 0.1 and 3,000 steps: the plain gradient ends at an error
# of 0.0, equation 3 as well, the package goes back and forth at 0.0009.
#
# Matters for: any training with it; the loss cannot fall below what steps of 1 % of the weights
# times the rate allow, and a parameter whose gradient is noise around 0 moves as fast as any.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps agc-optims==0.0.2
venv/bin/python -W ignore - <<'PY'
import torch
from agc_optims.clipper import AGC

CLIPPING = 0.01


def step(size):
    """What SGD with a rate of 1 takes from weights of 1."""
    weight = torch.nn.Parameter(torch.eye(2))
    optimizer = AGC(optimizer=torch.optim.SGD([weight], lr=1.0), clipping=CLIPPING)
    weight.grad = size * torch.eye(2)
    optimizer.step()
    return float(1 - weight[0, 0].detach())


def error(clipped, rate=0.1, steps=3000):
    """What is left of (w - 1)^2 from w = 2: the package, or equation 3."""
    weight = torch.nn.Parameter(torch.tensor([[2.0]], dtype=torch.float64))
    optimizer = torch.optim.SGD([weight], lr=rate)
    optimizer = AGC(optimizer=optimizer, clipping=CLIPPING) if clipped == "package" else optimizer
    for _ in range(steps):
        weight.grad = 2 * (weight.detach() - 1)
        if clipped == "equation":
            weight.grad *= min(1.0, CLIPPING * float(weight.detach().abs() / weight.grad.abs().clamp(min=1e-300)))
        optimizer.step()
    return abs(float(weight.detach()) - 1)


for size in (1e-6, 1e-3, 1e-2, 1.0, 100.0):
    right, found = min(size, CLIPPING), step(size)
    print(f"gradient {size:g}: right {right:g}, found {found:.4f}")
    assert abs(found - CLIPPING) < 1e-6
errors = {kind: error(kind) for kind in ("plain", "equation", "package")}
print({kind: f"{value:.6f}" for kind, value in errors.items()})
assert errors["plain"] < 1e-9 and errors["equation"] < 1e-9 and errors["package"] > 2e-4
PY

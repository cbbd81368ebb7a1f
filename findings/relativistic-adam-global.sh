#!/usr/bin/env bash
# relativistic-adam 1.0.0: the mode "global", one factor for the entire model, has one for each tensor like the
# default: a model of many small tensors moves ten times its speed limit.
#
# Packages: relativistic-adam 1.0.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `speed_limit`, "maximum update magnitude", and `relativistic_mode`: 'global' is a "single scaling factor
# for entire model", "for uniform clipping across the model"; 'per_param' is "per parameter tensor". As
# with clipping by the global norm, all tensors are scaled alike, and the whole step is at most 0.1.
#
# Happens: the norm is that of one tensor in both modes, and so is the factor: the modes are the same.
#
# Seen, rate 0.3, limit 0.1, first step with gradients of 1: norm of the step of the whole model
#   tensors of 4 weights          1         100
#   Adam                          0.6       6.0
#   global                        0.1       1.0
#   per_param                     0.1       1.0
#   one tensor with all of them   0.1       0.1
# and factors of two tensors that Adam moves by 3.0 and 0.3, with a limit of 1: 0.33 and 0.95
#
# Matters for: whoever chooses between the modes, and for directions: the step no longer points as Adam's does.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps relativistic-adam==1.0.0
venv/bin/python -W ignore - <<'PY'
import torch
from relativistic_adam import RelativisticAdam, RelativisticAdamW

LIMIT, RATE = 0.1, 0.3


def moved(kind, gradients, **settings):
    """The first step of each tensor of a model."""
    tensors = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for tensor, gradient in zip(tensors, gradients, strict=True):
        tensor.grad = gradient.clone()
    kind(tensors, lr=RATE, weight_decay=0.0, **settings).step()
    return [tensor.detach() for tensor in tensors]


def norm(steps):
    return torch.cat([step.flatten() for step in steps]).norm().item()


for kind in (RelativisticAdam, RelativisticAdamW):
    for number in (1, 100):
        gradients = [torch.ones(4)] * number
        adam = norm(moved(torch.optim.Adam, gradients))
        found, whole = {}, [torch.cat(gradients)]
        for mode in ("global", "per_param"):
            found[mode] = moved(kind, gradients, speed_limit=LIMIT, relativistic_mode=mode)
        joined = norm(moved(kind, whole, speed_limit=LIMIT, relativistic_mode="global"))
        told = {mode: round(norm(steps), 3) for mode, steps in found.items()}
        print(kind.__name__, f"{number} tensors: Adam {adam:.2f},", told, f"joined {joined:.3f}")
        assert all(torch.equal(a, b) for a, b in zip(*found.values(), strict=True))
        assert joined < LIMIT + 1e-6 and abs(norm(found["global"]) - LIMIT * number**0.5) < 1e-3

gradients = [torch.ones(100), torch.ones(1)]
adam = moved(torch.optim.Adam, gradients)
steps = moved(RelativisticAdam, gradients, speed_limit=1.0, relativistic_mode="global")
factors = [float(step.norm() / plain.norm()) for step, plain in zip(steps, adam, strict=True)]
print("steps of 3.0 and 0.3 with a limit of 1: factors", [round(factor, 2) for factor in factors])
assert abs(factors[0] - 0.33) < 0.01 and abs(factors[1] - 0.95) < 0.01
PY

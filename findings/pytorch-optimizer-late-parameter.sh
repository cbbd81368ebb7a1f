#!/usr/bin/env bash
# pytorch-optimizer 4.1.0: bias is corrected by the steps of the group, not of the parameter: a
# layer that is unfrozen later takes steps of 3 to 29 learning rates instead of one.
#
# Packages: pytorch_optimizer 4.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: Adam's moments start at zero and are divided by 1 - beta^t, t the number of times
# that they were updated (Kingma and Ba 2015, section 3): a constant gradient gives
# steps of one learning rate from the first on. torch.optim counts for each parameter.
#
# Happens: the count is one number for a whole group. A parameter that has no gradient at
# first (frozen, or an expert or a head that is not used yet) finds t large when its
# moments are still near zero, and nothing is corrected: 0.1 / sqrt(0.001) = 3.2, and in
# LaProp 1 / sqrt(0.001) = 32. `Adam` and `AdamW`, which are torch's own, are right.
#
# Seen, a parameter frozen for 2000 steps, then with gradient 1; its steps in learning rates:
#   step after unfreezing     1       2       5      10      20      50
#   AdamW (torch's)          1.00    1.00    1.00    1.00    1.00    1.00
#   AdamP, Grams, GaLore     2.94    3.95    5.39    6.08    5.81    4.20
#   AdEMAMix                 2.96    3.97    5.43    6.12    5.88    4.31
#   LaProp                  29.41   24.88   18.23   13.31    8.93    4.80
#   Adan                     0.20    0.28    0.43    0.59    0.78    1.01
#   never frozen, each of them: 1.00 at step 1
#
# Matters for: gradual unfreezing, experts, heads that come later: what was to begin gently
# begins with the largest steps of the run. Give such parameters a group of their own.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch_optimizer==4.1.0
venv/bin/python -W ignore - <<'PY'
import pytorch_optimizer
import torch

RATE, FROZEN, AT = 0.001, 2000, (1, 2, 5, 10, 20, 50)


def steps_of(name, frozen, own_group=False):
    """Steps, in learning rates, of a parameter whose gradient is 1 from step `frozen` on."""
    always, late = (torch.nn.Parameter(torch.zeros(2)) for _ in range(2))
    optimizer = pytorch_optimizer.load_optimizer(name)([always, late], lr=RATE, weight_decay=0.0)
    steps = []
    for step in range(frozen + 50):
        always.grad = torch.ones(2)
        late.grad = torch.ones(2) if step >= frozen else None
        before = late.detach().clone()
        optimizer.step()
        steps.append(float((before - late.detach())[0]) / RATE)
    assert not any(steps[:frozen])
    return [steps[frozen + at - 1] for at in AT]


for name in ("adamw", "adamp", "grams", "galore", "ademamix", "laprop", "adan"):
    never, late = steps_of(name, 0), steps_of(name, FROZEN)
    print(f"{name:9} unfrozen", *(f"{x:6.2f}" for x in late), "  never frozen", *(f"{x:6.2f}" for x in never))
    assert abs(never[0] - 1) < 0.01
    if name == "adamw":
        assert max(abs(x - 1) for x in late) < 0.01
    elif name == "adan":
        assert late[0] < 0.25
    else:
        # by hand: the moments as updated `at` times, corrected as after 2000 steps more
        bias = 1 - 0.999 ** (FROZEN + 1)
        assert late[0] > (29 if name == "laprop" else 2.9) and max(late) > 6
        assert abs(late[0] / ((1 if name == "laprop" else 0.1) / (0.001 / bias) ** 0.5) - 1) < 0.02
PY

#!/usr/bin/env bash
# torch-optimi 0.3.3: weight decay does nothing to bfloat16 parameters at ordinary rates: after 10,000 steps of
# rate 0.001 and decay 0.1 they are 1.0 where 0.37 is right.
#
# Packages: torch-optimi 0.3.3, torch 2.13.0 (CPU), numpy 2.4.6, packaging 26.4.
#
# Expected: "accurate low precision training via Kahan summation", switched on by itself for bfloat16: what
# a step is too small for is kept until it counts. Both kinds of weight decay are part of the step; the
# page's own example is a bfloat16 model with `lr=1e-3, weight_decay=1e-5, decouple_lr=True`.
#
# Happens: the compensation is for the gradient's part alone. Decay multiplies the bfloat16 parameter by
# 1 - rate * decay, which rounds back to the parameter where rate * decay is below 1/512, and this is
# kept nowhere. 1/512 is a rate of 0.02 with a decay of 0.1.
#
# Seen, AdamW, 10,000 steps from 1.0 with gradients 0, or 1 and -1 in turn
#                                     float32    bfloat16   right
#   rate 1e-3, decay 0.1              0.368      1.000      0.368
#   1e-3, 1e-5, decouple_lr=True      0.905      1.000      0.905
#   rate 0.1, decay 0.1, 100 steps    0.366      0.389      0.366
#   StableAdamW and Lion as in the first row: bfloat16 1.000 too
#   the gradient's part alone, 10,000 steps of 1e-5 from 1.0: 0.900 and 0.910
#
# Matters for: all training in pure bfloat16, which is what this package is for: it is without weight decay.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 packaging==26.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torch-optimi==0.3.3
venv/bin/python -W ignore - <<'PY'
import optimi
import torch


def trained(kind, dtype, steps, gradient, **settings):
    """A parameter that begins at 1, after that many steps; the sign of its gradient may alternate."""
    parameter = torch.nn.Parameter(torch.ones(1, dtype=dtype))
    optimizer = kind([parameter], **settings)
    for step in range(steps):
        parameter.grad = torch.full((1,), gradient(step), dtype=dtype)
        optimizer.step()
    assert dtype == torch.float32 or optimizer.param_groups[0]["kahan_sum"] is True
    return parameter.item()


def both(name, right, *arguments, **settings):
    single, half = (trained(arguments[0], dtype, *arguments[1:], **settings) for dtype in (torch.float32, torch.bfloat16))
    print(f"{name:40} float32 {single:.4f}, bfloat16 {half:.4f}, right {right:.4f}")
    return single, half


def none(step):
    return 0.0


def turns(step):
    return 1.0 if step % 2 else -1.0


STEPS = 10_000
for gradient in (none, turns):
    for settings, factor in (
        ({"weight_decay": 0.1}, 1 - 1e-4),
        ({"weight_decay": 1e-5, "decouple_lr": True}, 1 - 1e-5),
    ):
        right = factor**STEPS
        single, half = both(f"AdamW {settings} {gradient.__name__}", right, optimi.AdamW, STEPS, gradient, lr=1e-3, **settings)
        assert abs(single - right) < 0.003 and half == 1.0
for kind in (optimi.StableAdamW, optimi.Lion):
    rule = {"weight_decay": 0.1, "lr": 1e-3}
    single, half = both(f"{kind.__name__} {rule}", (1 - 1e-4) ** STEPS, kind, STEPS, none, **rule)
    assert abs(single - (1 - 1e-4) ** STEPS) < 0.003 and half == 1.0
single, half = both("AdamW, rate 0.1, 100 steps", 0.99**100, optimi.AdamW, 100, none, lr=0.1, weight_decay=0.1)
assert abs(single - 0.99**100) < 0.003 and abs(half - 0.99**100) < 0.1
single, half = both("AdamW, no decay, rate 1e-5", 0.9, optimi.AdamW, STEPS, lambda step: 1.0, lr=1e-5, weight_decay=0.0)
assert abs(single - 0.9) < 0.001 and abs(half - 0.9) < 0.02
PY

#!/usr/bin/env bash
# ema-pytorch 0.8.3: averages that are updated every tenth or hundredth step take each model
# with the weight of one step: after 10,000 steps the first models are most of them.
#
# Packages: ema-pytorch 0.8.3, torch 2.13.0, numpy 2.4.6.
#
# Expected: `update_every` is "how often to actually update, to save on compute", by default 10
# in `EMA` and 100 in `KarrasEMA` and `PostHocEMA`. "If gamma=1 and power=1, implements a
# simple average" is said of `EMA`; the other two have the profile t^gamma of Karras et al.
# (2024), whose mean is at (gamma + 1) / (gamma + 2) of the run, close to its end.
#
# Happens: the decay of an update is that of one step, 1 - 1 / (1 + t) or (1 - 1 / (t + 1)) ^
# (gamma + 1) with t the step; for n steps at once it has to be the n-th power, about. What
# is left of the first model falls with t^(-1/n) instead of 1 / t. With `update_every=1`
# all is right.
#
# Seen: the share of the first model, `EMA` with power 1, 1001 steps:
#   update_every 1    0.0010 (simple average 0.0010)
#   update_every 10   0.5999 (0.0099)
#   update_every 100  0.9712 (0.0909)
# The mean time of the models in `KarrasEMA`, 10,001 steps, as a share of the run:
#   sigma_rel    right    every step    every 10    every 100 (default)
#     0.05       0.947       0.947        0.643        0.153
#     0.10       0.888       0.888        0.443        0.074
#     0.25       0.632       0.632        0.147        0.017
#
# Matters for: evaluating or sampling from an averaged model: what is meant as the average of
# the last fifth of a training is mostly its untrained beginning.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ema-pytorch==0.8.3
venv/bin/python - <<'PY'
import numpy as np
import torch
from ema_pytorch import EMA, KarrasEMA


def scalar():
    return torch.nn.Linear(1, 1, bias=False).double()


for every in (1, 10, 100):
    model = scalar()
    average = EMA(model, power=1.0, update_after_step=0, update_every=every)
    for step in range(1001):
        torch.nn.init.constant_(model.weight, float(step > 0))
        average.update()
    share, right = 1 - float(average.ema_model.weight.detach()), 1 / (1000 // every + 1)
    print(f"EMA, update_every {every}: share of the first model {share:.4f}, in a simple average {right:.4f}")
    assert abs(share - right) < 1e-4 if every == 1 else share > 10 * right

STEPS = 10_000
for sigma in (0.05, 0.1, 0.25):
    # sigma_rel^2 = (gamma + 1) / ((gamma + 2)^2 (gamma + 3))
    grid = np.linspace(0, 30, 3_000_001)
    gamma = grid[np.abs((grid + 1) / ((grid + 2) ** 2 * (grid + 3)) - sigma**2).argmin()]
    right = (gamma + 1) / (gamma + 2)
    for every in (1, 10, 100):
        model = scalar()
        average = KarrasEMA(model, sigma_rel=sigma, **({} if every == 100 else {"update_every": every}))
        for step in range(STEPS + 1):
            torch.nn.init.constant_(model.weight, step / STEPS)
            average.update()
        found = float(average.ema_model.weight.detach())
        print(f"KarrasEMA, sigma_rel {sigma}, update_every {every}: mean time {found:.3f}, right {right:.3f}")
        assert abs(found - right) < 1e-3 if every == 1 else found < 0.7 * right
PY

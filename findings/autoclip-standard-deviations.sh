#!/usr/bin/env bash
# autoclip 0.2.1: clipping by standard deviations makes the second gradient NaN, and all later
# ones small: of norms of about 10 a fifth is left.
#
# Packages: autoclip 0.2.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: the package's clippers keep a history of gradient norms and "clamp outlier gradient
# values before they reach the optimizer". `StandardClip(parameters, deviations=2.0)`: what
# is two standard deviations above the mean; of normal norms that is one in 44.
#
# Happens: the threshold is two standard deviations, without the mean. And the deviation of
# the first norm alone, with which the second is compared, is NaN (it divides by n - 1): the
# second gradient is multiplied by NaN, and the parameters are NaN ever after.
#
# Seen, gradients with norms of 10 +- 1, with `global_threshold` and without:
#   step                      1       2       3 to 20, mean      201 to 400, mean
#   share that is left      1.00     NaN           0.17                0.20
#   clipped at 201 to 400: 200 of 200; above the mean by two deviations: 3 of 200
#   Adam with it, a linear layer, three steps: NaN; with `QuantileClip` finite
#
# Matters for: whoever takes the variant without a quantile to choose. `QuantileClip` is right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps autoclip==0.2.1
venv/bin/python -W ignore - <<'PY'
import math

import torch
from autoclip.torch import QuantileClip, StandardClip

for threshold in (False, True):
    torch.manual_seed(0)
    parameter = torch.nn.Parameter(torch.zeros(10))
    clipper = StandardClip([parameter], deviations=2.0, global_threshold=threshold)
    norms, left, outliers = [], [], 0
    for step in range(1, 401):
        gradient = torch.randn(10)
        gradient *= (10 + torch.randn(1)) / gradient.norm()
        parameter.grad = gradient.clone()
        clipper.step()
        if step > 200:
            before = torch.stack(norms)
            outliers += int(gradient.norm() > before.mean() + 2 * before.std())
        norms.append(gradient.norm())
        left.append(float(parameter.grad.norm() / gradient.norm()))
    early, late = sum(left[2:20]) / 18, sum(left[200:]) / 200
    clipped = sum(share < 0.999 for share in left[200:])
    print(f"global {threshold}: left {left[0]:.2f} {left[1]}, steps 3 to 20 {early:.2f}, after 200 {late:.2f}; clipped {clipped}, outliers {outliers} of 200")
    assert left[0] > 0.999 and math.isnan(left[1]) and late < 0.25 and clipped == 200 and outliers < 20

for kind in (StandardClip, QuantileClip):
    torch.manual_seed(0)
    model = torch.nn.Linear(4, 1)
    optimizer = kind.as_optimizer(torch.optim.Adam(model.parameters()))
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(8, 4)).square().mean().backward()
        optimizer.step()
    finite = bool(torch.isfinite(model.weight).all())
    print(f"{kind.__name__} with Adam, three steps: {'finite' if finite else 'NaN'}")
    assert finite == (kind is QuantileClip)
PY

#!/usr/bin/env bash
# relativistic-adam 1.0.0: steps just below the speed limit are hardly taken: with the defaults a layer of 9,995
# weights moves 35 times less than one of 10,050.
#
# Packages: relativistic-adam 1.0.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: Adam with a limit: "Smooth & differentiable: unlike hard clipping"; small updates pass nearly
# unchanged, large ones "get increasingly dampened", extreme ones "smoothly saturate at the speed
# limit". The longer the step, the longer what is taken of it, up to 0.1.
#
# Happens: a step of length v below the limit c is multiplied by sqrt(1 - v^2 / c^2), which is 0 at c; one above
# it becomes c tanh(v / c). What is taken grows up to 0.05, falls to 0, and jumps to 0.076. The first
# step of Adam is the rate for each weight: 0.001 times 100 for 10,000 of them, which is the limit.
#
# Seen, default settings, the first step of one layer, gradients +-1
#   weights     2,500    5,000    9,000    9,900    9,995    10,050   40,000
#   Adam        0.050    0.071    0.095    0.099    0.100    0.100    0.200
#   taken       0.043    0.050    0.030    0.010    0.002    0.076    0.096
#
# Matters for: layers of about 100 by 100 at the default rate, of 30 by 30 at 0.003: they stand still.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps relativistic-adam==1.0.0
venv/bin/python -W ignore - <<'PY'
import math

import torch
from relativistic_adam import RelativisticAdam, RelativisticAdamW

LIMIT, SIZES = 0.1, (2500, 5000, 9000, 9900, 9995, 10050, 40000)


def first(kind, size, **settings):
    """Length of the first step that one layer takes, for gradients of 1 and -1."""
    torch.manual_seed(0)
    layer = torch.nn.Parameter(torch.zeros(size))
    layer.grad = torch.randint(0, 2, (size,)) * 2.0 - 1
    kind([layer], **settings).step()
    return layer.norm().item()


adam = {size: first(torch.optim.Adam, size) for size in SIZES}
for kind in (RelativisticAdam, RelativisticAdamW):
    taken = {size: first(kind, size) for size in SIZES}
    print(kind.__name__)
    for size in SIZES:
        ratio = adam[size] / LIMIT
        told = adam[size] * math.sqrt(1 - ratio**2) if ratio < 1 else LIMIT * math.tanh(ratio)
        print(f"  {size} weights: Adam {adam[size]:.4f}, taken {taken[size]:.4f}")
        assert abs(taken[size] - told) < 1e-3 * LIMIT
    assert taken[10050] > 30 * taken[9995] and taken[2500] > 15 * taken[9995] and taken[5000] > taken[9000] > taken[9900]

wide = {size: first(RelativisticAdam, size, speed_limit=10.0) for size in SIZES}
assert all(abs(wide[size] - adam[size]) < 1e-3 * adam[size] for size in SIZES)  # far from the limit: Adam
PY

#!/usr/bin/env bash
# pytorch-adaptive-computation-time 0.1.3: a cell stops pondering one step too early: the
# newest halting probability is counted twice.
#
# Packages: pytorch-adaptive-computation-time 0.1.3, torch 2.13.0, numpy 2.4.6.
#
# Expected: as the page says and Graves (2016) does, a step is the last one when the halting
# probabilities, its own included, sum to more than 1 - epsilon.
#
# Happens: the probability of the step is added to the sum, and once more when the sum is
# compared with 1 - epsilon.
#
# Seen, steps taken when each halts with probability p (epsilon 0.01):
#   p       0.10  0.20  0.27  0.40  0.50  0.70
#   right     10     5     4     3     2     2
#   taken      9     4     3     2     1     1
# With the default bias of -1, p is 0.27 at the start; from 0.495 on a cell never ponders.
#
# Matters for: what is reported as the number of steps that a task needs. A network that
# thinks a second time for one input must halt with less than 0.495 at the first.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch-adaptive-computation-time==0.1.3
venv/bin/python - <<'PY'
import math

import torch
from pytorch_adaptive_computation_time.models import AdaptiveRNNCell

EPSILON = 0.01
default = torch.sigmoid(torch.tensor(-1.0)).item()
torch.manual_seed(0)
for p in (0.1, 0.2, default, 0.4, 0.5, 0.7):
    cell = AdaptiveRNNCell(2, 4, time_penalty=0.1, ponder_epsilon=EPSILON)
    halting = cell._halting_unit[0]
    torch.nn.init.zeros_(halting.weight)
    torch.nn.init.constant_(halting.bias, math.log(p / (1 - p)))
    taken = int(cell(torch.randn(1, 2))[2].item())
    right = next(n for n in range(1, 100) if n * p > 1 - EPSILON)
    print(f"p {p:.2f}  right {right:2d}  taken {taken:2d}")
    assert taken == right - 1
PY

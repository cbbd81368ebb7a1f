#!/usr/bin/env bash
# griffin-torch 0.0.3: the recurrence gate divides where it should be an exponent: all is forgotten.
#
# Packages: griffin-torch 0.0.3, torch 2.13.0 (CPU), numpy 2.4.6. Its other dependency, zetascale, is
# needed for a feedforward layer that is not run here: an empty module stands in its place.
#
# Expected: Griffin's RG-LRU (De and others 2024, equations 1 to 4) has a[t] = a^(c r[t]) with c = 8, a gate
# 0 < r < 1 and a = sigmoid(Lambda), which starts between 0.9 and 0.999: the state keeps between
# 0.43 and all of itself in a step, and a gate that is shut (r = 0) keeps it whole.
#
# Happens: a[t] = a / c^r[t], between a / 8 and a. With r = 1/2, its mean at the start, a step keeps a
# third of the state, where the equation gives 0.66 to 0.996; after 10 steps 0.00001 to 0.00003 are left
# instead of 0.02 to 0.96. And a shut gate keeps a, where the equation keeps all.
#
# Seen, a = 0.99, gates of 1/2, what is left of the input of a step after 1, 5 and 10 more:
#   the package    0.35 0.0053 0.0000
#   the equation   0.96 0.82   0.67
#
# Matters for: a recurrence that is made for long memory and has one of three or four steps.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps griffin-torch==0.0.3
venv/bin/python -W ignore - <<'PY'
import sys
import types

import torch

sys.modules["zeta"] = types.ModuleType("zeta")
sys.modules["zeta.nn"] = types.ModuleType("zeta.nn")
sys.modules["zeta.nn"].FeedForward = torch.nn.Identity
from griffin_torch.main import RGLRU

A, C, STEPS = 0.99, 8, 11
layer = RGLRU(dim=1, mult=1)
start = torch.sigmoid(layer.Lambda)
assert 0.9 <= float(start.min()) and float(start.max()) <= 0.999
with torch.no_grad():
    layer.Lambda.fill_(torch.logit(torch.tensor(A)))
    for weight in (layer.Wa, layer.Wx):
        weight.zero_()  # gates of 1/2, whatever the input
    x = torch.zeros(1, STEPS, 1)
    x[0, 0] = 1
    seen = layer(x).flatten()
    left = seen / seen[0]
right = torch.tensor([A ** (C * 0.5 * t) for t in range(STEPS)])
wrong = torch.tensor([(A / C**0.5) ** t for t in range(STEPS)])
for name, values in (("package", left), ("equation", right)):
    print(f"{name}: after 1, 5, 10 steps", *(f"{values[t]:.4f}" for t in (1, 5, 10)))
assert torch.allclose(left, wrong, atol=1e-5)
assert right[10] > 0.6 and left[10] < 1e-4
PY

#!/usr/bin/env bash
# yet-another-retnet 0.5.1: in bfloat16 the head with the longest memory never forgets, and
# heads with different decays become the same.
#
# Packages: yet-another-retnet 0.5.1, torch 2.13.0, einops 0.8.2, numpy 2.4.6.
#
# Expected: head h multiplies what it holds by 1 - exp(x_h) at each step, x_h in equal steps
# from ln 1/32 to ln 1/512; all heads have different decays below 1. In another dtype the
# weights of retention differ by its rounding, less than one per cent in bfloat16.
#
# Happens: the decays are made in the dtype of the queries. Below 1, bfloat16 has the
# numbers 0.9961 and 0.9922: 1 - 1/512 becomes 1, and neighbours fall together. The powers
# of the distance are of those, and distances above 256 are rounded too.
#
# Seen, eight heads, weight of the value 300 steps back, query and key 1:
#   right      0.0001 0.0017 0.0139 0.0567 0.1453 0.2734 0.4181 0.5563
#   float32    the same
#   bfloat16   0.0001 0.0027 0.0089 0.0952 0.0952 0.3086 0.3086 1.0000
#   step by step in bfloat16, what head 8 still holds of a 1 after 2,000 steps: 1 (right .020)
#
# Matters for: models made or cast with dtype=torch.bfloat16: another model than in float32,
# whose last head sums up everything that it has ever seen.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 einops==0.8.2 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps yet-another-retnet==0.5.1
venv/bin/python -W ignore - <<'PY'
from math import exp, log

import torch
from yet_another_retnet.retention import retention_parallel, retention_recurrent

HEADS, BACK, STEPS = 8, 300, 2000
decays = [1 - exp(log(1 / 32) + h / (HEADS - 1) * (log(1 / 512) - log(1 / 32))) for h in range(HEADS)]
right = [decay**BACK for decay in decays]
print("right   ", *(f"{w:.4f}" for w in right))
found = {}
for dtype in (torch.float32, torch.bfloat16):
    ones = torch.ones(1, HEADS, BACK + 1, 1, dtype=dtype)
    weights = retention_parallel(ones, ones, ones, need_weights=True)[1][0, :, BACK, 0].tolist()
    one, zero = torch.ones(1, HEADS, 1, dtype=dtype), torch.zeros(1, HEADS, 1, dtype=dtype)
    state = None
    for step in range(STEPS + 1):
        held, state = retention_recurrent(one, one, zero if step else one, state)
    found[dtype] = weights, held[0, -1].item()
    print(f"{str(dtype)[6:]:8}", *(f"{w:.4f}" for w in weights), f" held by head 8 after {STEPS} steps: {found[dtype][1]:.3f}")
print(f"right: {decays[-1] ** STEPS:.3f}")
weights, held = found[torch.float32]
assert all(abs(w / r - 1) < 1e-3 for w, r in zip(weights, right)) and abs(held / decays[-1] ** STEPS - 1) < 0.01
weights, held = found[torch.bfloat16]
assert weights[-1] == held == 1 and len(set(weights)) == 6
assert any(w > 1.5 * r for w, r in zip(weights, right))
PY

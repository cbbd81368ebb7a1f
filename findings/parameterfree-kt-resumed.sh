#!/usr/bin/env bash
# parameterfree 0.0.1: KT resumed from its `state_dict()` starts again from where it is with the wealth of the first
# step: at once after a checkpoint it stands still for a dozen steps.
#
# Packages: parameterfree 0.0.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: a run that is saved and resumed is the run that was not stopped. KT (Orabona and Pal 2016) bets wealth: the
# next point is x_1 + wealth / t * (sum of negative gradients), and wealth grows by what each bet won.
#
# Happens: wealth, t and "first step" are attributes of the object and are not saved; the first step after loading
# also overwrites the loaded x_1 and sum by the present point and 0. `load_state_dict` raises nothing.
#
# Seen, |x - 20| from x = 0, saved and loaded at step 20: x after step
#                  15       20        21        25        30        35
#   not stopped    0.444    12.520    24.500    6.801     8.241     13.129
#   resumed        0.444    12.520    12.520    12.521    12.537    12.964
# The new wealth is 0.0001, as on the first day.
#
# Matters for: runs in pieces: each piece is a run of its own.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps parameterfree==0.0.1
venv/bin/python -W ignore - <<'PY'
import copy

import torch
from parameterfree import KT

STEPS, STOP, WEALTH, GOAL = 40, 20, 1e-4, 20.0


def walk(stop=None):
    x = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer, found = KT([x]), [0.0]
    for step in range(STEPS):
        if step == stop:
            saved = copy.deepcopy(optimizer.state_dict())
            optimizer = KT([x])
            optimizer.load_state_dict(saved)
        x.grad = torch.sign(x.detach() - GOAL)
        optimizer.step()
        found.append(float(x))
    return found


def bets(start, steps):
    """Krichevsky-Trofimov bets by hand: wealth / t times the sum of negative gradients."""
    x, wealth, total, found = start, WEALTH, 0.0, [start]
    for t in range(1, steps + 1):
        gradient = float(x > GOAL) - float(x < GOAL)
        wealth += (start - x) * gradient
        total -= gradient
        x = start + wealth / (t + 1) * total
        found.append(x)
    return found


whole, resumed = walk(), walk(STOP)
for name, found in (("not stopped", whole), ("resumed", resumed)):
    print(f"{name:11}", *(f"{found[step]:.4f}" for step in (10, 15, 18, 19, 20, 21, 22, 25, 30, 35)))
assert max(abs(a - b) for a, b in zip(whole, bets(0.0, STEPS), strict=True)) < 1e-9
assert whole[: STOP + 1] == resumed[: STOP + 1]
again = bets(whole[STOP], STEPS - STOP)
assert max(abs(a - b) for a, b in zip(resumed[STOP:], again, strict=True)) < 1e-9
assert max(abs(a - b) for a, b in zip(whole, resumed, strict=True)) > 1
assert all(abs(x - whole[STOP]) < 0.01 for x in resumed[STOP : STOP + 6])
PY

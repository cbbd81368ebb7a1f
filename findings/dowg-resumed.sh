#!/usr/bin/env bash
# dowgopt 0.13: a run resumed from `state_dict()` measures its distance from where it was resumed: saved often, it crawls.
#
# Packages: dowgopt 0.13, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: DoWG (Khaled, Mishchenko and Jin 2023): steps r^2 / sqrt(v) with r the largest distance so far from the first point
# x_0. A run that is saved and resumed is the run that was not stopped; nothing is said against it.
#
# Happens: x_0 is kept in the optimiser's state under the number of the parameter group, 0, 1, ... Loading takes such a number for
# that of a parameter: x_0 of the group becomes state of a tensor, the group's own is missing, and is then set anew to the
# present point. r is loaded, and does not grow again until the run has gone that far once more.
#
# Seen, |x - 1,000,000| from x = 0: x after n steps
#   steps                        5        10       20     40         60
#   not stopped                  0.098    2.05     907    922,850    1,000,100
#   saved and loaded every 5     0.098    0.368    2.59   64.9       1,293
#
# Matters for: jobs in pieces: the method is chosen because it finds its rate by itself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dowgopt==0.13
venv/bin/python -W ignore - <<'PY'
import copy

import torch
from dowg import DoWG

GOAL, STEPS, SHOWN, START = 1e6, 60, (5, 10, 20, 40, 60), 1e-4


def walk(every=None):
    x = torch.nn.Parameter(torch.zeros(1))
    optimizer, found = DoWG([x]), [0.0]
    for step in range(STEPS):
        if every and step and step % every == 0:
            saved = copy.deepcopy(optimizer.state_dict())
            optimizer = DoWG([x])
            optimizer.load_state_dict(saved)
        x.grad = torch.sign(x.detach() - GOAL)
        optimizer.step()
        found.append(float(x))
    return found


def by_hand(every=None):
    """Algorithm 1 with x_0 set anew every so many steps."""
    x = first = v = 0.0
    largest, found = START, [0.0]
    for step in range(STEPS):
        if every and step % every == 0:
            first = x
        gradient = float(x > GOAL) - float(x < GOAL)
        largest = max(largest, (x - first) ** 2)
        v += largest * gradient**2
        x -= largest * gradient / (v**0.5 + START)
        found.append(x)
    return found


for every in (None, 50, 5):
    found, right = walk(every), by_hand(every)
    print(f"saved and loaded every {every} steps:", *(f"{step}: {found[step]:.5g}" for step in SHOWN))
    assert all(abs(a - b) < 1e-3 * max(1.0, abs(b)) for a, b in zip(found, right, strict=True))
whole, often = walk(), walk(5)
assert whole[:6] == often[:6] and whole[-1] > 3 * often[-1]
PY

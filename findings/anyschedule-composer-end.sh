#!/usr/bin/env bash
# anyschedule 0.1.0: a composed schedule jumps back to the full rate when its last part ends, and to it between parts.
#
# Packages: anyschedule 0.1.0, toml 0.10.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: "a composer tool for custom complex scheduler (such as WSD lr scheduler or more)" whose parts follow each other, and
# `infinite_end` True by default: after the last part it goes on as it ended, as each part alone does.
#
# Happens: steps after the last part, and in a gap between two, are given to a constant schedule of the composer's `value`, 1.
# With `end` set on the composer as well the last part goes on. It is asked for only where parts end at a share.
#
# Seen, rate 1: constant until 50, cosine until 100
#   step                       49     75      99       100      101    150
#   cosine alone, 50 to 100    1      0.5     0.001    0        0      0
#   composer                   1      0.5     0.001    1        1      1
#   composer with end 100      1      0.5     0.001    0        0      0
#
# Matters for: training that goes a step beyond the plan, or resumes there: it is undone at the full rate.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps anyschedule==0.1.0 toml==0.10.2
venv/bin/python -W ignore - <<'PY'
import math

import torch
from anyschedule import AnySchedule

SHOWN = (0, 49, 75, 99, 100, 101, 150)


def rates(config):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler, found = AnySchedule(optimizer, config={"lr": config}), []
    for _ in range(SHOWN[-1] + 1):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def parts(gap=0):
    return [{"mode": "constant", "end": 50}, {"mode": "cosine", "start": 50 + gap, "end": 100}]


def right(step):
    return 1.0 if step < 50 else 0.0 if step >= 100 else (1 + math.cos(math.pi * (step - 50) / 50)) / 2


found, ended = rates({"mode": "composer", "schedules": parts()}), rates({"mode": "composer", "end": 100, "schedules": parts()})
alone = rates({"mode": "cosine", "end": 100})
for name, values in (("composer", found), ("composer with end", ended), ("cosine alone, 0 to 100", alone)):
    print(f"{name:22}", *(f"{step}: {values[step]:.4f}" for step in SHOWN))
assert all(abs(found[step] - right(step)) < 1e-9 for step in range(100)) and set(found[100:]) == {1.0}
assert all(abs(ended[step] - right(step)) < 1e-9 for step in range(151))
assert set(alone[100:]) == {0.0}

low = [{"mode": "cosine", "end": 50, "min_value": 0.1}, {"mode": "constant", "start": 60, "end": 100, "value": 0.1}]
gap = rates({"mode": "composer", "schedules": low})
print("0.1 before and after a gap from 50 to 60:", *(f"{step}: {gap[step]:.3f}" for step in (49, 50, 59, 60)))
assert gap[49] < 0.11 and gap[50] == gap[59] == 1.0 and abs(gap[60] - 0.1) < 1e-9
PY

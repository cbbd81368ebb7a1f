#!/usr/bin/env bash
# pytorch-dlrs 0.2.1: DLRSOnPlateau goes the same way for `mode="max"` as for "min": an accuracy that rises lowers the
# rate, and one that falls raises it.
#
# Packages: pytorch-dlrs 0.2.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: "a metric-based API similar to ReduceLROnPlateau" with "mode (str): One of 'min' or 'max'", and a
# metric that is "validation loss or accuracy". The rule of the paper (arXiv 2507.21749) raises the rate where a loss
# falls and lowers it where it rises; for an accuracy it must be the other way round.
#
# Happens: `mode` is checked, stored and saved, and read nowhere.
#
# Seen, rate 0.1 at first, then after each epoch
#   metric                                   "min"                      "max"
#   accuracy rises, 0.5 0.6 0.7 0.8 0.9      0.0818 ... 0.0778          the same
#   accuracy falls, 0.9 0.8 0.7 0.6 0.5      0.1012 ... 0.1059          the same
#   its error falls, 0.5 ... 0.1             0.1022 ... 0.1157
#
# Matters for: whoever watches an accuracy, a score or a log-likelihood: the rate shrinks as long as training goes well.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch-dlrs==0.2.1
venv/bin/python -W ignore - <<'PY'
import math

import torch
from dlrs import DLRSOnPlateau

RISES, FALLS = [0.5, 0.6, 0.7, 0.8, 0.9], [0.9, 0.8, 0.7, 0.6, 0.5]


def rates(mode, metrics):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler, found = DLRSOnPlateau(optimizer, mode=mode), []
    for metric in metrics:
        scheduler.step(metric)
        found.append(optimizer.param_groups[0]["lr"])
    return found


def rule(losses):
    """Algorithm 1: the rate minus 10^floor(log10 rate) * delta * slope, the slope between two epochs over their mean."""
    rate, found = 0.1, [0.1]
    for before, now in zip(losses, losses[1:]):
        slope = (now - before) / ((now + before) / 2)
        delta = 0.5 if slope > 1 else 1.0 if slope >= 0 else 0.1
        rate = max(rate - 10 ** math.floor(math.log10(rate)) * delta * slope, 1e-8)
        found.append(rate)
    return found


for name, metrics in (("rises", RISES), ("falls", FALLS)):
    low, high = rates("min", metrics), rates("max", metrics)
    print(name, "min", *(f"{rate:.4f}" for rate in low), "max", *(f"{rate:.4f}" for rate in high))
    assert all(abs(a - b) < 1e-12 for a, b in zip(low, rule(metrics), strict=True)) and low == high
assert rates("max", RISES)[-1] < 0.08 and rates("max", FALLS)[-1] > 0.1
# The error that belongs to the rising accuracy falls, and the rate goes up.
errors = rates("min", [1 - metric for metric in RISES])
print("error falls, min", *(f"{rate:.4f}" for rate in errors))
assert errors[-1] > 0.1
PY

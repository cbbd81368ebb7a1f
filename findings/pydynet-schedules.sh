#!/usr/bin/env bash
# pydynet 1.1: exponential and stepwise rates decay by the square of the epochs, and a
# cosine annealing ends with rates that jump.
#
# Packages: pydynet 1.1, numpy 2.4.6.
#
# Expected: after n epochs `ExponentialLR(gamma)` has the rate lr * gamma^n, and
# `StepLR(step_size, gamma)` lr * gamma^(n // step_size). `CosineAnnealingLR(T_max)` has
# lr * (1 + cos(pi n / T_max)) / 2: 0 after T_max epochs, and from there up again.
#
# Happens: each epoch multiplies the rate that it finds, which is already decayed, by the
# whole power: gamma^(1 + 2 + ... + n). Of a step schedule every epoch after the first drop
# is a further drop. The cosine goes on from the rate of two epochs ago in the place of the
# last one, is up to 0.18 too high on its way down, and jumps between 0 and other rates after it.
#
# Seen (rate 1, gamma 0.5, step size 2, T_max 10):
#   epoch               1    2    4      6      10      12
#   exponential right   0.5  0.25 0.062  0.016  0.00098 0.00024
#               given   0.5  0.12 0.001  5e-07  3e-17   3e-24
#   stepwise    right   1    0.5  0.25   0.12   0.031   0.016
#               given   1    0.5  0.062  0.002  3e-08   1.5e-11
#   cosine      right   0.98 0.9  0.65   0.35   0       0.095
#               given   0.98 0.93 0.76   0.53   0       0
#
# Matters for: everyone who trains for more than a few epochs with one of them: after ten
# epochs of a rate that is to be a thousandth, nothing is learned any more.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pydynet==1.1
venv/bin/python -W ignore - <<'PY'
from math import cos, pi

import numpy as np
from pydynet import Tensor
from pydynet.nn import Parameter
from pydynet.optim import SGD, CosineAnnealingLR, ExponentialLR, MultiStepLR, StepLR

EPOCHS = 12


def rates(schedule):
    optimizer = SGD([Parameter(Tensor(np.ones(1)))], lr=1.0)
    scheduler = schedule(optimizer)
    found = [optimizer.lr]
    for _ in range(EPOCHS):
        optimizer.step()
        scheduler.step()
        found.append(optimizer.lr)
    return np.array(found)


n = np.arange(EPOCHS + 1)
cosine = np.array([(1 + cos(pi * k / 10)) / 2 for k in n])
cases = {
    "exponential": (lambda optimizer: ExponentialLR(optimizer, gamma=0.5), 0.5**n, 0.5 ** (n * (n + 1) // 2)),
    "stepwise": (lambda optimizer: StepLR(optimizer, 2, gamma=0.5), 0.5 ** (n // 2), 0.5 ** np.cumsum(n // 2)),
    "cosine": (lambda optimizer: CosineAnnealingLR(optimizer, 10), cosine, None),
    "milestones": (lambda optimizer: MultiStepLR(optimizer, [4, 8], gamma=0.5), 0.5 ** ((n >= 4) * 1 + (n >= 8)), None),
}
for name, (schedule, right, other) in cases.items():
    given = rates(schedule)
    for label, values in (("right", right), ("given", given)):
        print(f"{name:11} {label}:", *(f"{values[k]:.2g}" for k in (1, 2, 4, 6, 8, 10, 11, 12)))
    if name == "milestones":
        assert np.allclose(given, right)
    else:
        assert np.abs(given - right).max() > 0.05
    assert other is None or np.allclose(given, other, rtol=1e-12)
PY

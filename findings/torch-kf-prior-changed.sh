#!/usr/bin/env bash
# torch-kf 0.4.3: filtering changes the prior that it is given when one of several
# sequences starts with a missing measurement.
#
# Packages: torch-kf 0.4.3, torch 2.13.0.
#
# Expected: `filter(state, measures)` takes the "initial prior on the state at t=0" and
# returns the last posterior, or all of them; NaN in a measurement leaves that state as
# it is. Filtering twice gives the same twice.
#
# Happens: a step with some NaN writes the updated states of the other sequences into
# the tensors of the state that it has. After a prediction these are new; at the first
# step they are the caller's own, since `.to(dtype)` of a tensor that has the type
# already is no copy. The prior then is the posterior of the first step, and the next
# call with it counts the first measurement again. Sequences that start with NaN, and
# batches in which all or none do, are right.
#
# Seen, two sequences, the second starting with NaN:
#                        posterior means      the prior's means afterwards
#   formulas             0.3654 0.2655
#   first call           0.3654 0.2655        0.6667 0.0000
#   the same call again  0.4097 0.2655        0.8000 0.0000
#
# Matters for: filtering in a loop (fitting noises, epochs, several models from one
# prior) over data with gaps: estimates depend on how often one has looked. Give the
# call `state.clone()`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torch-kf==0.4.3
venv/bin/python -W ignore - <<'PY'
from math import isnan, nan

import torch
from torch_kf import GaussianState, KalmanFilter

MOVE, NOISE, SENSOR = 0.9, 0.2, 0.5
SEQUENCES = ((1.0, 0.5, 0.2), (nan, 0.7, 0.1))


def posterior(numbers):
    mean, variance = 0.0, 1.0
    for step, number in enumerate(numbers):
        if step:
            mean, variance = MOVE * mean, MOVE**2 * variance + NOISE
        if not isnan(number):
            gain = variance / (variance + SENSOR)
            mean, variance = mean + gain * (number - mean), (1 - gain) * variance
    return mean


def square(value):
    return torch.tensor([[value]])


model = KalmanFilter(square(MOVE), square(1.0), square(NOISE), square(SENSOR))
measures = torch.tensor(SEQUENCES).T[..., None, None]
prior = GaussianState(torch.zeros(2, 1, 1), torch.ones(2, 1, 1))
right = [posterior(numbers) for numbers in SEQUENCES]
print("formulas   ", *(f"{mean:.4f}" for mean in right))
answers = []
for name in ("first call ", "again      "):
    answers.append(model.filter(prior, measures).mean.ravel().tolist())
    print(name, *(f"{mean:.4f}" for mean in answers[-1]), " prior", *(f"{mean:.4f}" for mean in prior.mean.ravel().tolist()))
first, again = answers
assert max(abs(a - b) for a, b in zip(first, right)) < 1e-6
assert abs(again[0] - right[0]) > 0.01 and abs(again[1] - right[1]) < 1e-6
assert abs(prior.mean[0].item()) > 0.1
PY

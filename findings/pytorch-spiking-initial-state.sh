#!/usr/bin/env bash
# pytorch-spiking 0.1.0: a given `initial_state` is written over: the second call begins where the first one ended.
#
# Packages: pytorch-spiking 0.1.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `SpikingActivation(..., initial_state=...)`, the "initial spiking voltage state (should be an array [...] with
# values between 0 and 1)", from which every sequence starts; without it each call draws a new one.
#
# Happens: the voltage is that tensor itself, and `voltage += rates` and `voltage -= n_spikes` change it in place. The
# layer becomes stateful, and so does the caller's tensor: two layers with one tensor drive each other.
#
# Seen, identity, dt 1, an input of 0.4 for 3 steps, initial state 0
#   spikes, right            0 0 1
#   first call               0 0 1    the state is 0.2 afterwards
#   second call, same input  0 1 0    0.4
#   another layer with it    0 1 0    0.6
#
# Matters for: tests and comparisons that fix the state so that runs are the same; evaluation depends on the order of
# the batches.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch-spiking==0.1.0
venv/bin/python -W ignore - <<'PY'
import math

import torch
from pytorch_spiking import SpikingActivation

INPUT, STEPS = 0.4, 3


def spikes(start):
    """Spikes of one neuron by hand, and its voltage at the end."""
    voltage, found = start, []
    for _ in range(STEPS):
        voltage += INPUT
        found.append(float(math.floor(voltage + 1e-9)))
        voltage -= found[-1]
    return found, voltage


inputs = torch.full((1, STEPS, 1), INPUT, dtype=torch.float64)
state = torch.zeros(1, 1, dtype=torch.float64)
layers = [SpikingActivation(torch.nn.Identity(), dt=1.0, initial_state=state) for _ in range(2)]
found = []
for name, layer in (("first call", layers[0]), ("second call", layers[0]), ("another layer", layers[1])):
    before = float(state)
    found.append(layer(inputs).flatten().tolist())
    print(f"{name:14} spikes {found[-1]}, state {before:.1f} before and {float(state):.1f} after")
    right, end = spikes(before)
    assert found[-1] == right and abs(float(state) - end) < 1e-9
assert spikes(0.0)[0] == found[0] != found[1] and float(state) != 0.0

fresh = SpikingActivation(torch.nn.Identity(), dt=1.0, initial_state=torch.zeros(1, 1, dtype=torch.float64))
copies = []
for _ in range(2):
    fresh.initial_state = torch.zeros(1, 1, dtype=torch.float64)
    copies.append(fresh(inputs).flatten().tolist())
assert copies[0] == copies[1] == spikes(0.0)[0]
PY

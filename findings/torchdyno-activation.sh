#!/usr/bin/env bash
# torchdyno 0.2.3: a reservoir is tanh whatever activation is asked for.
#
# Packages: torchdyno 0.2.3, torch 2.13.0, scipy 1.17.1, numpy 2.4.6.
#
# Expected: `Reservoir(..., activation="relu")` is the echo state network whose neurons are
# the function of this name in torch.
#
# Happens: the function is looked up and kept, and tanh is called.
#
# Seen, 5 neurons, 20 steps, largest difference of the states from the recurrence with
#               the activation   tanh
#   tanh        0.00             0.00
#   relu        0.98             0.00
#   sigmoid     1.35             0.00
#   sin         0.25             0.00
# A name that torch does not have raises, so that the option seems to be read.
#
# Matters for: searches over activations, in which all candidates are one network, and
# reservoirs meant to be linear or rectified.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 scipy==1.17.1 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torchdyno==0.2.3
venv/bin/python - <<'PY'
import sys
from unittest.mock import MagicMock

import numpy as np
import torch

# data sets, loaded beside it
sys.modules["torchdyno.data"] = MagicMock()
from torchdyno.models.esn import Reservoir

INPUTS, NEURONS, STEPS = 3, 5, 20
FUNCTIONS = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "sin": np.sin}
torch.manual_seed(0)
x = torch.randn(STEPS, 1, INPUTS)


def recurrence(reservoir, function):
    """The states of all steps, with this function, in float64."""
    W_in, W = (weights.numpy().astype(float) for weights in (reservoir.W_in, reservoir.W_hat))
    state, states = np.zeros(NEURONS), []
    for inputs in x[:, 0].numpy().astype(float):
        state = function(W_in @ inputs + W @ state)
        states.append(state)
    return np.array(states)


for name, function in FUNCTIONS.items():
    reservoir = Reservoir(INPUTS, NEURONS, activation=name, leakage=1.0)
    states = reservoir(x)[:, 0].numpy()
    asked, tanh = (np.abs(states - recurrence(reservoir, f)).max() for f in (function, np.tanh))
    print(f"{name:8} the activation {asked:.2f}, tanh {tanh:.2f}")
    assert tanh < 1e-5 and (asked < 1e-5 if name == "tanh" else asked > 0.05)
try:
    Reservoir(INPUTS, NEURONS, activation="no_such_function")
except AttributeError:
    pass
else:
    raise AssertionError
PY

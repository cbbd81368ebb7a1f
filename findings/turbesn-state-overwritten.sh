#!/usr/bin/env bash
# turbESN 0.0.1.9.5.0: predicting overwrites the last state of the states that it starts from: a second
# prediction from the same states is another one.
#
# Packages: turbESN 0.0.1.9.5.0, torch 2.13.0 (CPU), numpy 2.4.6, scipy 1.17.1, h5py 3.16.0, PyYAML 6.0.4,
# matplotlib 3.11.2.
#
# Expected: `predict(X, testingLength, init_input)` starts "from the last state of the training state
# matrix X". Asked twice, it says the same, and X, from which weights are fitted, is as it was.
#
# Happens: the state is a view of X's last column, and the first step writes the next state into it.
# Each call starts one step later than the last one, with the input of the first.
#
# Seen, 50 units trained to go on with a sine of period 20, 10 steps, the first after the training:
#   prediction        1         2         3
#   rms error         0.0035    0.49      0.75
#   X's last column   as trained, then one and two steps on
# Also for `teacherforce`, where steps come from outside.
#
# Matters for: predicting for testing and then for validation, or for several lengths, or fitting
# again with another penalty after a prediction.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 h5py==3.16.0 PyYAML==6.0.4 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps turbESN==0.0.1.9.5.0
venv/bin/python -W ignore - <<'PY'
import math

import torch
from turbESN import ESN

TRAIN, TEST = 1000, 10
wave = torch.sin(2 * math.pi * torch.arange(TRAIN + TEST + 1) / 20).reshape(-1, 1)
torch.manual_seed(0)
network = ESN(
    randomSeed=0, esn_start=1, esn_end=TRAIN + TEST, trainingLength=TRAIN, testingLength=TEST, validationLength=0,
    data_timesteps=len(wave), n_input=1, n_output=1, n_reservoir=50, spectralRadius=0.9, regressionParameter=0.1, transientTime=100,
)
network.createWeightMatrices()
states = network.propagate(wave[:TRAIN], transientTime=100)
network.fit(states, wave[101 : TRAIN + 1])
last, truth = states[:, -1].clone(), wave[TRAIN + 1 : TRAIN + TEST + 1]


def error(predictions):
    return float(torch.sqrt(torch.mean((predictions - truth) ** 2)))


kept = [error(network.predict(states.clone(), TEST, init_input=wave[TRAIN])[0]) for _ in range(3)]
given = [error(network.predict(states, TEST, init_input=wave[TRAIN])[0]) for _ in range(3)]
moved = float((states[2:, -1] - last[2:]).abs().max())
print("from a copy", [f"{value:.4f}" for value in kept], "from the states", [f"{value:.4f}" for value in given], f"last column moved by {moved:.3f}")
assert len(set(kept)) == 1 and given[0] == kept[0]
assert given[1] > 5 * given[0] and moved > 0.01
PY

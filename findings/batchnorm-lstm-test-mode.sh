#!/usr/bin/env bash
# batchnorm-lstm 0.0.1: batch normalisation never leaves its training mode: what is predicted for a
# row depends on the rows beside it, and one row alone has the same prediction whatever it holds.
#
# Packages: batchnorm-lstm 0.0.1, numpy 2.4.6.
#
# Expected: `AdvancedLSTM.loss(X)` without targets is "a test-time forward pass": "these averages
# are used to normalize data at test-time", so a row's prediction is its own.
#
# Happens: the mode is stored under its own name, `bn_param["test"] = "test"`, and what is read is
# `bn_param["mode"]`, "train" from the beginning. Means and variances are those of the batch that
# is predicted, and predicting moves the averages. In a batch of one every number is its own mean
# and is normalised to 0.
#
# Seen, a network trained to return the mean of 5 numbers, 64 rows:
#                              error of the prediction, standard deviation of the targets 0.45
#   one batch of 64            0.03
#   64 batches of one          0.46, all predictions the same
#   set to "test" by hand      0.18, in both (the averages are over all steps of a sequence)
#
# Matters for: all use of it after training.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps batchnorm-lstm==0.0.1
venv/bin/python -W ignore - <<'PY'
from copy import deepcopy

import numpy as np
from batchnormlstm.classifiers.lstm import AdvancedLSTM

np.random.seed(0)
rng = np.random.default_rng(0)
STEPS, BATCH = 5, 64
model = AdvancedLSTM([16], input_dim=1, output_dim=1, use_batchnorm=True, dtype=np.float64, weight_scale=0.3)
moments = {name: (np.zeros_like(value), np.zeros_like(value)) for name, value in model.params.items()}
for step in range(1, 3001):  # Adam, by hand
    x = rng.normal(size=(BATCH, STEPS, 1))
    _, grads = model.loss(x, x.mean(axis=1))
    for name, grad in grads.items():
        m, v = moments[name]
        m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
        moments[name] = m, v
        model.params[name] = model.params[name] - 0.003 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)

x = rng.normal(size=(BATCH, STEPS, 1))
targets = x.mean(axis=1)


def error(model, size):
    out = np.concatenate([model.loss(x[i : i + size]) for i in range(0, BATCH, size)])
    return float(np.sqrt(np.mean((out - targets) ** 2))), float(out.std())


right = deepcopy(model)
print("targets", f"{targets.std():.3f}")
found = {}
for name, network in (("package", model), ("set to test", right)):
    for params in right.bn_params[0] if network is right else ():
        params["mode"] = "test"
    for size in (BATCH, 1):
        found[name, size] = error(deepcopy(network), size)
        print(f"{name}, batches of {size}: error {found[name, size][0]:.3f}, spread of the predictions {found[name, size][1]:.3f}")
assert found["package", 1][1] < 1e-12 and found["package", 1][0] > 0.9 * targets.std()
assert np.isclose(found["set to test", 1][0], found["set to test", BATCH][0]) and found["set to test", 1][0] < 0.5 * targets.std()
PY

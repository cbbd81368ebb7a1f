#!/usr/bin/env bash
# pyrcn 0.1.0: Hebbian learning weakens connections of units that fire together, and anti-Hebbian
# learning strengthens them.
#
# Packages: pyrcn 0.1.0, torch 2.13.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3.
#
# Expected: `HebbianNodeToNode(training_method)` learns its recurrent weights by "the Hebbian learning
# rule" or the "Anti-Hebbian" one. By Hebb's rule a connection grows if its second unit fires after its
# first one (and the more the larger it is, as weights multiply the change here); by the other
# it shrinks. Weights are scaled to a spectral radius of 1 after each epoch, so that it is ratios that count.
#
# Happens: the change is subtracted for "hebbian" and added for "anti_hebbian".
#
# Seen, 20 units, the first 10 with an input of 1 at every step, 10 epochs; mean size of a weight among the
# first 10 over that among the last 10
#   before learning    1.25
#   hebbian            .057
#   anti_hebbian       23.1
#   Hebb by hand       23.1
#
# Matters for: reservoirs that are adapted to their input, and comparisons of the two rules.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyrcn==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pyrcn.base.blocks import HebbianNodeToNode, NodeToNode

UNITS, STEPS, RATE, EPOCHS, RADIUS = 20, 50, 0.01, 10, 0.5
inputs = np.zeros((STEPS, UNITS))
inputs[:, : UNITS // 2] = 1.0
first, last = slice(0, UNITS // 2), slice(UNITS // 2, UNITS)


def ratio(weights):
    """Mean size of weights among units that fire, over that among units that hardly do."""
    size = np.abs(np.asarray(weights.todense() if hasattr(weights, "todense") else weights))
    return size[first, first].mean() / size[last, last].mean()


options = {"hidden_layer_size": UNITS, "spectral_radius": RADIUS, "random_state": 0}
start = NodeToNode(**options).fit(inputs)
found = {"none": ratio(start.recurrent_weights)}
for method in ("hebbian", "anti_hebbian"):
    layer = HebbianNodeToNode(**options, training_method=method, learning_rate=RATE, epochs=EPOCHS).fit(inputs)
    found[method] = ratio(layer.recurrent_weights)

# By hand: states go from row to column, and a change is rate * before * after * weight.
weights = np.asarray(start.recurrent_weights.todense() if hasattr(start.recurrent_weights, "todense") else start.recurrent_weights).copy()
together = []
for _ in range(EPOCHS):
    states = np.zeros((STEPS + 1, UNITS))
    for step in range(STEPS):
        states[step + 1] = np.tanh(inputs[step] + RADIUS * states[step] @ weights)
    together.append(np.outer(states[1:-1].mean(axis=0), states[2:].mean(axis=0))[first, first].min())
    for before, after in zip(states[1:-1], states[2:]):
        weights += RATE * np.outer(before, after) * weights
    weights /= np.abs(np.linalg.eigvals(weights)).max()
found["Hebb by hand"] = ratio(weights)
for name, value in found.items():
    print(f"{name:14} {value:.3f}")
assert min(together) > 0  # the first ten do fire together
assert found["Hebb by hand"] > 1.5 * found["none"]
assert found["hebbian"] < 0.7 * found["none"] and found["anti_hebbian"] > 1.5 * found["none"]
PY

#!/usr/bin/env bash
# forgenn-ml 1.0.0: a network that is loaded has the weights it was made with, not those
# of the file.
#
# Packages: forgenn-ml 1.0.0, numpy 2.4.6.
#
# Expected: `save(path)` writes the parameters of every layer and `load(path)`, "Load model
# from file", brings them back: a network with the same layers that loads the file predicts
# what the saved one predicts.
#
# Happens: `load` reads the file, takes the name and the history of losses from it, prints
# "Model loaded from" and returns. The parameters in the file are put nowhere: the network
# keeps its random weights, with the history of the trained one.
#
# Seen:
#   mean squared error: trained 0.000, loaded 2.583
#   last loss in the history of the loaded one: 0.000
#   the file holds the trained weights: True; predictions changed by loading: False
#
# Matters for: everyone who trains in one program and predicts in another: the loaded
# network's history says that it has learned, and its answers are those of no training.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 forgenn-ml==1.0.0
venv/bin/python -W ignore - <<'PY'
import pickle

import numpy as np
from forgenn import Dense, NeuralNetwork, TrainingConfig


def network():
    return NeuralNetwork("line").add(Dense(2, 16)).add(Dense(16, 1)).compile(loss="mse")


np.random.seed(0)
x = np.random.randn(640, 2)
y = 1 + np.abs(x.sum(1, keepdims=True))
trained = network()
trained.fit(x, y, TrainingConfig(learning_rate=0.05, epochs=100, validation_split=0.0, verbose=False))
trained.save("line.pkl")
np.random.seed(1)
loaded = network()
untouched = loaded.predict(x)
loaded.load("line.pkl")
with open("line.pkl", "rb") as file:
    kept = pickle.load(file)["layers"]

layers = [layer.get_params()["weights"] for layer in trained.layers]
in_file = all(np.array_equal(part["params"]["weights"], weights) for part, weights in zip(kept, layers, strict=True))
losses = {"trained": trained.evaluate(x, y)["loss"], "loaded": np.mean((loaded.predict(x) - y) ** 2)}
print("mean squared error:", ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items()))
print("last loss in the history of the loaded one:", f"{loaded.history['train_loss'][-1]:.3f}")
print("the file holds the trained weights:", in_file)
print("predictions changed by loading:", bool(np.any(loaded.predict(x) != untouched)))
assert in_file and losses["trained"] < 0.1 < 1 < losses["loaded"]
assert np.array_equal(loaded.predict(x), untouched)
assert loaded.history == trained.history and loaded.history is not trained.history
PY

#!/usr/bin/env bash
# forgenn-ml 1.0.0: gradients are right for rectified units only: the slope of every other
# activation is taken at the layer's output, and layer normalisation has none.
#
# Packages: forgenn-ml 1.0.0, numpy 2.4.6.
#
# Expected: `Dense(activation=...)` goes back through its activation f by f'(z), with z what
# goes into f, and `LayerNormalization` by the derivative of (x - mean) / deviation. A
# network's gradient then is that of its loss, for any activation.
#
# Happens: `Dense` keeps its output only and takes f'(f(z)): 0.235 for a sigmoid at z = 0,
# where 0.25 is right, and .42 for a tanh at z = 5, where it is 0.0002. For rectified and
# leaky units both are the same. Of softmax only the diagonal is there, again at the
# output, so that the classes that did not come are never made less likely.
# `LayerNormalization.backward` returns the gradient that it was given.
#
# Seen (gradient for the weights of the first layer, against finite differences):
#   slope of tanh at 5: 0.0002 right, 0.4200 given
#   relu, leaky_relu: 1.00 times as long, cosine 1.000
#   sigmoid 1.89 times, cosine 0.922; tanh 1.72, 0.870; gelu 1.14, 0.840; swish 1.21, 0.882
#   softmax and cross-entropy: 153.35 times as long, cosine 0.437
#   normalisation between rectified layers: 20.07 times as long, cosine 0.882
#
# Matters for: everyone who trains anything but rectified units with this package, or
# compares activations by it: the losses are right, and the steps go another way than down.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 forgenn-ml==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from forgenn import Activation, Dense, LayerNormalization, NeuralNetwork

ROWS, WIDTH, SIZE, RATE = 20, 4, 1e-6, 1e-3


def compare(layers, loss, x, y):
    """Length of the given gradient over the right one's, and their cosine."""
    model = NeuralNetwork().compile(loss=loss)
    for layer in layers:
        model.add(layer)
    weights = layers[0].weights
    right = np.zeros_like(weights)
    for place in np.ndindex(weights.shape):
        kept, sides = weights[place], []
        for side in (SIZE, -SIZE):
            weights[place] = kept + side
            sides.append(model.loss_function(y, model.predict(x)))
        weights[place] = kept
        right[place] = (sides[0] - sides[1]) / (2 * SIZE)
    before = weights.copy()
    model.train_step(x, y, RATE)
    given = (before - layers[0].weights) / RATE
    cosine = (given * right).sum() / np.linalg.norm(given) / np.linalg.norm(right)
    return np.linalg.norm(given) / np.linalg.norm(right), cosine


print(f"slope of tanh at 5: {1 / np.cosh(5) ** 2:.4f} right,", end=" ")
unit = Dense(1, 1, activation="tanh")
unit.weights[:] = 1
unit.forward(np.array([[5.0]]))
slope = unit.backward(np.array([[1.0]]), 0.0).item()
print(f"{slope:.4f} given")
assert abs(slope - 1 / np.cosh(np.tanh(5)) ** 2) < 1e-12

np.random.seed(0)
x, y = 2 * np.random.randn(ROWS, WIDTH), np.random.randn(ROWS, WIDTH)
for name in ("relu", "leaky_relu", "sigmoid", "tanh", "gelu", "swish"):
    ratio, cosine = compare([Dense(WIDTH, 8, activation=name), Dense(8, WIDTH, activation=name)], "mse", x, y)
    print(f"{name}: {ratio:.2f} times as long, cosine {cosine:.3f}")
    right = name in ("relu", "leaky_relu")
    assert abs(ratio - 1) < 1e-4 and cosine > 0.9999 if right else abs(ratio - 1) > 0.05 or cosine < 0.99

labels = np.eye(WIDTH)[np.random.randint(WIDTH, size=ROWS)]
ratio, cosine = compare([Dense(WIDTH, WIDTH, activation="softmax")], "categorical_crossentropy", x, labels)
print(f"softmax and cross-entropy: {ratio:.2f} times as long, cosine {cosine:.3f}")
assert cosine < 0.9

middle = [Dense(WIDTH, 8, activation="relu"), LayerNormalization(8), Dense(8, WIDTH, activation="relu")]
middle[0].weights *= 10
ratio, cosine = compare(middle, "mse", x, y)
print(f"normalisation between rectified layers: {ratio:.2f} times as long, cosine {cosine:.3f}")
assert ratio > 3 and cosine < 0.9
assert abs(Activation.sigmoid(np.array(0.0), derivative=True) - 0.25) < 1e-12
PY

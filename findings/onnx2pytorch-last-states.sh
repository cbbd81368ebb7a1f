#!/usr/bin/env bash
# onnx2pytorch 0.6.0: of two recurrent nodes that give their last states alone, the first is run
# with the weights of the second.
#
# Packages: onnx2pytorch 0.6.0, torch 2.13.0, onnx 1.23.2, numpy 2.4.6. torchvision, which it
# imports for operators on pictures, is stood in for: none of them is used here.
#
# Expected: outputs of an ONNX node that nobody wants have the empty name; LSTM, GRU and RNN give
# the state of every step first, and a model that reads the last state alone leaves that one out.
# Each node has its own weights, whatever its outputs are called.
#
# Happens: a node is looked up by the name of its first output. Of all whose first output is left
# out the last one is found: every one of them is computed by its weights, without a word.
#
# Seen, two LSTMs of 3 units on the same 5 steps, largest distance from the operator's text:
#   every step named:   first 3e-08, second 6e-09
#   last states alone:  first 0.47, second 6e-09; the first is what the second's weights give
#
# Matters for: encoders of two directions or two towers, exported and then trained further.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 onnx==1.23.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps onnx2pytorch==0.6.0
venv/bin/python -W ignore - <<'PY'
import sys
from unittest import mock

import numpy as np
import torch
from onnx import TensorProto, checker, helper, numpy_helper

for name in ("torchvision", "torchvision.io", "torchvision.ops"):  # for operators on pictures
    sys.modules[name] = mock.MagicMock()
from onnx2pytorch import ConvertModel

STEPS, INPUTS, UNITS = 5, 2, 3
rng = np.random.default_rng(0)
sigmoid = lambda v: 1 / (1 + np.exp(-v))


def weights(number):
    shapes = {"W": (1, 4 * UNITS, INPUTS), "R": (1, 4 * UNITS, UNITS), "B": (1, 8 * UNITS)}
    return {f"{name}{number}": rng.normal(size=shape).astype("f") for name, shape in shapes.items()}


def lstm(x, given, h, c):
    """The text of the operator, step by step: the gates are input, output, forget and cell."""
    w, r, b = (array[0] for array in given.values())
    every = []
    for t in range(STEPS):
        i, o, f, g = np.split(w @ x[t, 0] + r @ h + b[: 4 * UNITS] + b[4 * UNITS :], 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        every.append(h)
    return np.array(every)


def converted(nodes, given, inputs, outputs):
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    named = [[value(*item) for item in some.items()] for some in (inputs, outputs)]
    kept = [numpy_helper.from_array(array, name) for name, array in given.items()]
    graph = helper.make_graph(nodes, "recurrent", *named, kept)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model, full_check=True)
    return ConvertModel(model, experimental=True)


x = rng.normal(size=(STEPS, 1, INPUTS)).astype("f")
zero = np.zeros(UNITS)
first, second = weights(1), weights(2)
right = [lstm(x, given, zero, zero)[-1] for given in (first, second)]
for named in (True, False):
    nodes = [
        helper.make_node("LSTM", ["x", *given], [f"every{n}" if named else "", f"last{n}"], hidden_size=UNITS)
        for n, given in enumerate((first, second), 1)
    ]
    outputs = {"last1": [1, 1, UNITS], "last2": [1, 1, UNITS]}
    model = converted(nodes, first | second, {"x": [STEPS, 1, INPUTS]}, outputs)
    with torch.no_grad():
        found = [last.numpy().ravel() for last in model(x=torch.from_numpy(x))]
    away = [np.abs(a - b).max() for a, b in zip(found, right)]
    print(f"{'every step named' if named else 'last states alone'}: first {away[0]:.2g}, second {away[1]:.1g}")
    assert away[1] < 1e-5
    assert (away[0] < 1e-5) == named
assert np.abs(found[0] - right[1]).max() < 1e-5
PY

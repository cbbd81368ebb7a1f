#!/usr/bin/env bash
# onnx2pytorch 0.6.0: an LSTM that is given its hidden state or its cell alone starts from zero.
#
# Packages: onnx2pytorch 0.6.0, torch 2.13.0, onnx 1.23.2, numpy 2.4.6. torchvision, which it
# imports for operators on pictures, is stood in for: none of them is used here.
#
# Expected: the initial hidden state and the initial cell of ONNX's LSTM are optional each, and
# zero where they are left out.
#
# Happens: where one of the two is left out the other one is dropped, without a word. (Where it is a
# constant of the file, the conversion is refused; here it is an input of the model.)
#
# Seen, 5 steps, 3 units, states of ones, largest distance from the operator's text:
#   hidden and cell:  5e-08
#   hidden alone:     0.71, and 3e-08 from a start at zero
#   cell alone:       0.74, and 3e-08 from a start at zero
#
# Matters for: decoders that are started by an encoder's last hidden state.
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
given, one = weights(1), np.ones(UNITS)
start = {"hidden": torch.ones(1, 1, UNITS), "cell": torch.ones(1, 1, UNITS)}
for names in (["hidden", "cell"], ["hidden"], ["cell"]):
    states = [name if name in names else "" for name in start]
    node = helper.make_node("LSTM", ["x", *given, "", *states], ["every"], hidden_size=UNITS)
    inputs = {"x": [STEPS, 1, INPUTS]} | {name: [1, 1, UNITS] for name in names}
    model = converted([node], given, inputs, {"every": [STEPS, 1, 1, UNITS]})
    with torch.no_grad():
        found = model(x=torch.from_numpy(x), **{name: start[name] for name in names}).numpy().reshape(STEPS, UNITS)
    right = lstm(x, given, *(one if name in names else zero for name in start))
    away, from_zero = (np.abs(found - every).max() for every in (right, lstm(x, given, zero, zero)))
    print(f"{' and '.join(names)}: {away:.2g} from the operator's text, {from_zero:.2g} from a start at zero")
    if len(names) == 2:
        assert away < 1e-5 and from_zero > 0.1
    else:
        assert away > 0.1 and from_zero < 1e-5
PY

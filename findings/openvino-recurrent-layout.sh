#!/usr/bin/env bash
# openvino 2026.4.1: an ONNX recurrent layer with rows first is run with steps first.
#
# Packages: openvino 2026.4.1, onnx 1.23.2, numpy 2.4.6.
#
# Expected: `layout` of ONNX's RNN, GRU and LSTM says how X is laid out: 0 is
# (steps, rows, inputs), 1 is (rows, steps, inputs). A runtime that lacks the second
# says so, as onnxruntime does when it loads the model.
#
# Happens: the attribute has no effect. Steps are taken for rows: each row's state
# goes on into the next row, and the first step of the second row has read the whole
# first row's first step. Only an initial state makes it fail. The shapes
# that come out are those of layout 0, which nothing compares with those declared.
#
# Seen (5 rows of 5 steps, largest difference from the operator's text written out
# in numpy, and from the text with rows and steps changed places; the last column
# is how far a change of row 0 moves the outputs of row 4):
#          as the text says   as if steps first   row 4 sees row 0
#   RNN    1.8726             0.0000              1.4028
#   GRU    0.8414             0.0000              0.2020
#   LSTM   0.2877             0.0000              0.0243
#
# Matters for: models written with rows first, the order that PyTorch's batch_first
# and Keras have: one row of a batch changes the predictions of another.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openvino==2026.4.1 onnx==1.23.2 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import openvino
from onnx import TensorProto, helper, numpy_helper, save

STEPS, ROWS, INPUTS, HIDDEN = 5, 5, 2, 4
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
sigmoid = lambda v: 1 / (1 + np.exp(-v))
rng = np.random.default_rng(0)


def written_out(op, x, w, r, b):
    """The operator's text on x (steps, rows, inputs); outputs (steps, rows, hidden)."""
    n, h, c, y = HIDDEN, np.zeros((ROWS, HIDDEN)), np.zeros((ROWS, HIDDEN)), []
    wb, rb = b[0].reshape(2, -1)
    for step in x:
        a, k = step @ w[0].T + wb, h @ r[0].T + rb
        if op == "RNN":
            h = np.tanh(a + k)
        elif op == "GRU":
            z, reset = sigmoid(a[:, :n] + k[:, :n]), sigmoid(a + k)[:, n : 2 * n]
            new = np.tanh(a[:, 2 * n :] + (reset * h) @ r[0, 2 * n :].T + rb[2 * n :])
            h = (1 - z) * new + z * h
        else:
            i, o, f, g = np.split(a + k, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        y.append(h)
    return np.stack(y)

def saved(op, feeds, weights, names, **attributes):
    """A file of one node; its weights are part of it."""
    node = helper.make_node(op, names, ["Y"], hidden_size=HIDDEN, **attributes)
    inputs = [helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in feeds.items()]
    output = helper.make_tensor_value_info("Y", TensorProto.FLOAT, (ROWS, STEPS, 1, HIDDEN))
    kept = [numpy_helper.from_array(v, k) for k, v in weights.items()]
    graph = helper.make_graph([node], "one", inputs, [output], kept)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), "one.onnx")


print("       as the text says   as if steps first   row 4 sees row 0")
for op, gates in GATES.items():
    shapes = {"W": (1, gates * HIDDEN, INPUTS), "R": (1, gates * HIDDEN, HIDDEN), "B": (1, 2 * gates * HIDDEN)}
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    x = rng.normal(size=(ROWS, STEPS, INPUTS)).astype(np.float32)
    saved(op, {"X": x}, weights, ["X", "W", "R", "B"], layout=1)
    core = openvino.Core()
    run = core.compile_model(core.read_model("one.onnx"), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found = run({"X": x})[0].reshape(ROWS, STEPS, HIDDEN).copy()
    known = [v.astype(float) for v in weights.values()]
    right = written_out(op, x.swapaxes(0, 1), *known).swapaxes(0, 1)
    turned = written_out(op, x, *known)
    other = x.copy()
    other[0] += 1
    sees = np.abs(run({"X": other})[0].reshape(found.shape)[4] - found[4]).max()
    off, same = np.abs(found - right).max(), np.abs(found - turned).max()
    print(f"{op:5s}  {off:<16.4f}   {same:<17.4f}   {sees:.4f}")
    assert off > 0.1 and same < 1e-5 and sees > 1e-3
PY

#!/usr/bin/env bash
# openvino 2026.4.1: peepholes and coupled gates of an ONNX LSTM are left out in silence.
#
# Packages: openvino 2026.4.1, onnx 1.23.2, numpy 2.4.6.
#
# Expected: ONNX's LSTM takes weights `P` with which its gates see the cell, and an
# attribute `input_forget` that makes the forget gate one less the input gate. What
# a front end cannot translate it refuses: this one refuses an initial state in
# another layout, and an activation that its plugin lacks.
#
# Happens: the model is read and compiled, and runs as if neither were there.
#
# Seen (largest difference from the operator's text written out in numpy, and from
# the same text without the option):
#                      as the text says   without it
#   plain              0.0000             0.0000
#   peepholes          0.1748             0.0000
#   coupled gates      0.3430             0.0000
#
# Matters for: whoever deploys an LSTM as Graves trained his, or a coupled one.
# onnxruntime follows the text.
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

STEPS, ROWS, INPUTS, HIDDEN = 6, 3, 2, 4
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
sigmoid = lambda v: 1 / (1 + np.exp(-v))
rng = np.random.default_rng(0)


def written_out(x, w, r, b, p, coupled):
    """The operator's text; gates are in the order input, output, forget, cell."""
    h = c = np.zeros((ROWS, HIDDEN))
    y = []
    of_input, of_output, of_forget = np.split(p[0], 3)
    for step in x:
        i, o, f, g = np.split(step @ w[0].T + h @ r[0].T + b[0].reshape(2, -1).sum(0), 4, axis=1)
        i = sigmoid(i + of_input * c)
        c = (1 - i if coupled else sigmoid(f + of_forget * c)) * c + i * np.tanh(g)
        h = sigmoid(o + of_output * c) * np.tanh(c)
        y.append(h)
    return np.stack(y)[:, None]

def saved(op, feeds, weights, names, **attributes):
    """A file of one node; its weights are part of it."""
    node = helper.make_node(op, names, ["Y"], hidden_size=HIDDEN, **attributes)
    inputs = [helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in feeds.items()]
    output = helper.make_tensor_value_info("Y", TensorProto.FLOAT, (STEPS, 1, ROWS, HIDDEN))
    kept = [numpy_helper.from_array(v, k) for k, v in weights.items()]
    graph = helper.make_graph([node], "one", inputs, [output], kept)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), "one.onnx")


shapes = {"W": (1, 4 * HIDDEN, INPUTS), "R": (1, 4 * HIDDEN, HIDDEN), "B": (1, 8 * HIDDEN), "P": (1, 3 * HIDDEN)}
weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
x = rng.normal(size=(STEPS, ROWS, INPUTS)).astype(np.float32)
w, r, b, p = (weights[name].astype(float) for name in "WRBP")
print("                   as the text says   without it")
for name, peepholes, coupled in (("plain", False, False), ("peepholes", True, False), ("coupled gates", False, True)):
    names = ["X", "W", "R", "B"] + (["", "", "", "P"] if peepholes else [])
    attributes = {"input_forget": 1} if coupled else {}
    saved("LSTM", {"X": x}, {k: weights[k] for k in names[1:] if k}, names, **attributes)
    core = openvino.Core()
    found = core.compile_model(core.read_model("one.onnx"), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})({"X": x})[0]
    right, plain = written_out(x, w, r, b, p * peepholes, coupled), written_out(x, w, r, b, 0 * p, False)
    off, same = np.abs(found - right).max(), np.abs(found - plain).max()
    print(f"{name:17s}  {off:<16.4f}   {same:.4f}")
    assert same < 1e-5
    assert off > 0.1 if name != "plain" else off < 1e-5
PY

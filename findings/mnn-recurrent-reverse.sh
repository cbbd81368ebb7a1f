#!/usr/bin/env bash
# MNN 3.6.1: a recurrent layer that runs backwards is run forwards.
#
# Packages: MNN 3.6.1, onnx 1.23.2, numpy 2.4.6.
#
# Expected: ONNX's RNN, GRU and LSTM have a `direction`; a layer that is "reverse"
# reads the last step first. `mnnconvert` names operators that it has not got.
#
# Happens: it converts a layer with the direction "reverse" without a word, and
# the network runs it forwards.
#
# Seen (largest difference from the operator's text written out in numpy, and from
# the text run forwards):
#          as the text says   run forwards
#   RNN    1.9764             0.0000
#   GRU    1.5478             0.0000
#   LSTM   0.7771             0.0000
#
# Matters for: whoever deploys a tagger whose backward layer is a layer of its own.
# (tract does the same by itself: tract-recurrent-reverse.sh.)
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check MNN==3.6.1 onnx==1.23.2 numpy==2.4.6
venv/bin/python - <<'PY'
import subprocess

import MNN.expr as expr
import MNN.nn as nn
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

STEPS, ROWS, INPUTS, HIDDEN = 6, 3, 2, 4
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
rng = np.random.default_rng(0)
sigmoid = lambda v: 1 / (1 + np.exp(-v))


def written_out(op, x, h, w, r, b, c=None, backwards=False):
    """The operator's text on x (steps, rows, inputs); outputs (steps, rows, hidden)."""
    n, y = HIDDEN, {}
    wb, rb = b[0].reshape(2, -1)
    for t in reversed(range(STEPS)) if backwards else range(STEPS):
        a, k = x[t] @ w[0].T + wb, h @ r[0].T + rb
        if op == "RNN":
            h = np.tanh(a + k)
        elif op == "GRU":
            z, reset = sigmoid(a + k)[:, :n], sigmoid(a + k)[:, n : 2 * n]
            h = (1 - z) * np.tanh(a[:, 2 * n :] + reset * k[:, 2 * n :]) + z * h
        else:
            i, o, f, g = np.split(a + k, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        y[t] = h
    return np.stack([y[t] for t in range(STEPS)])


def saved(op, feeds, weights, names, **attributes):
    """A file of one node; its weights are part of it."""
    last = ["YH", "YC"] if op == "LSTM" else ["YH"]
    node = helper.make_node(op, names, ["Y", *last], hidden_size=HIDDEN, **attributes)
    inputs = [helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in feeds.items()]
    outputs = [helper.make_tensor_value_info("Y", TensorProto.FLOAT, (STEPS, 1, ROWS, HIDDEN))]
    outputs += [helper.make_tensor_value_info(k, TensorProto.FLOAT, (1, ROWS, HIDDEN)) for k in last]
    kept = [numpy_helper.from_array(v, k) for k, v in weights.items()]
    graph = helper.make_graph([node], "one", inputs, outputs, kept)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), "one.onnx")


def drawn(op):
    """X, and what a file holds: weights and the first state."""
    gates, states = GATES[op], ("h", "c") if op == "LSTM" else ("h",)
    shapes = {"W": (1, gates * HIDDEN, INPUTS), "R": (1, gates * HIDDEN, HIDDEN), "B": (1, 2 * gates * HIDDEN)}
    shapes |= {k: (1, ROWS, HIDDEN) for k in states}
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    return rng.normal(size=(STEPS, ROWS, INPUTS)).astype(np.float32), weights


def known(weights):
    """As `written_out` takes them."""
    w, r, b, h, *c = (v.astype(float) for v in weights.values())
    return [h[0], w, r, b, *[v[0] for v in c]]


def run(x):
    """What MNN makes of the file."""
    subprocess.run(["venv/bin/mnnconvert", "-f", "ONNX", "--modelFile", "one.onnx", "--MNNModel", "one.mnn"], check=True, stdout=subprocess.DEVNULL)
    given = expr.placeholder(list(x.shape), expr.NCHW)
    given.write(x.flatten().tolist())
    net = nn.load_module_from_file("one.mnn", ["X"], ["Y"])
    return np.array(net.forward([given])[0].read()).reshape(STEPS, ROWS, HIDDEN)


print("       as the text says   run forwards")
for op in GATES:
    x, weights = drawn(op)
    names = ["X", "W", "R", "B", "", "h"] + (["c"] if op == "LSTM" else [])
    reset = {"linear_before_reset": 1} if op == "GRU" else {}
    saved(op, {"X": x}, weights, names, direction="reverse", **reset)
    right, forwards = written_out(op, x, *known(weights), backwards=True), written_out(op, x, *known(weights))
    found = run(x)
    off, same = np.abs(found - right).max(), np.abs(found - forwards).max()
    print(f"{op:5s}  {off:<16.4f}   {same:.4f}")
    assert off > 0.1 and same < 1e-4
PY

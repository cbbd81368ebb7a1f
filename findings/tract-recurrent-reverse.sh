#!/usr/bin/env bash
# tract 0.23.9: a recurrent layer that runs backwards is run forwards.
#
# Packages: tract 0.23.9, onnx 1.23.2, numpy 2.4.6.
#
# Expected: ONNX's RNN, GRU and LSTM have a `direction`. A layer that is "reverse"
# reads the last step first, and its output at a step knows all that comes after.
# What tract lacks it refuses: lengths of rows that differ, and an LSTM without a
# first state.
#
# Happens: a layer with the direction "reverse" runs forwards, whatever its kind, as
# if the attribute were not there. Of one that is "bidirectional" the second half is
# right.
#
# Seen (largest difference from the operator's text written out in numpy, from the
# text run forwards, and of the backward half of a layer of both directions):
#          as the text says   run forwards   half of both
#   RNN    1.9764             0.0000         0.0000
#   GRU    1.6716             0.0000         0.0000
#   LSTM   0.7771             0.0000         0.0000
#
# Matters for: whoever deploys a tagger whose backward layer is a layer of its own,
# as Keras' go_backwards makes it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tract==0.23.9 onnx==1.23.2 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import tract
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
            h = (1 - z) * np.tanh(a[:, 2 * n :] + (reset * h) @ r[0, 2 * n :].T + rb[2 * n :]) + z * h
        else:
            i, o, f, g = np.split(a + k, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        y[t] = h
    return np.stack([y[t] for t in range(STEPS)])


def saved(op, feeds, weights, names, **attributes):
    """A file of one node; its weights are part of it."""
    node = helper.make_node(op, names, ["Y"], hidden_size=HIDDEN, **attributes)
    inputs = [helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in feeds.items()]
    output = helper.make_tensor_value_info("Y", TensorProto.FLOAT, (STEPS, 1, ROWS, HIDDEN))
    kept = [numpy_helper.from_array(v, k) for k, v in weights.items()]
    graph = helper.make_graph([node], "one", inputs, [output], kept)
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
    """What tract makes of the file."""
    return tract.onnx().load("one.onnx").into_model().into_runnable().run([x])[0].to_numpy()[:, -1]


print("       as the text says   run forwards   half of both")
for op in GATES:
    x, weights = drawn(op)
    names = ["X", "W", "R", "B", "", "h"] + (["c"] if op == "LSTM" else [])
    saved(op, {"X": x}, weights, names, direction="reverse")
    right, forwards = written_out(op, x, *known(weights), backwards=True), written_out(op, x, *known(weights))
    off, same = np.abs(run(x) - right).max(), np.abs(run(x) - forwards).max()
    saved(op, {"X": x}, {k: np.concatenate([v, v]) for k, v in weights.items()}, names, direction="bidirectional")
    half = np.abs(run(x) - right).max()
    print(f"{op:5s}  {off:<16.4f}   {same:<12.4f}   {half:.4f}")
    assert off > 0.1 and same < 1e-5 and half < 1e-5
PY

#!/usr/bin/env bash
# tract 0.23.9: a recurrent layer's activations and clip are not looked at.
#
# Packages: tract 0.23.9, onnx 1.23.2, numpy 2.4.6.
#
# Expected: ONNX's RNN, GRU and LSTM name their `activations`, and `clip` bounds
# what goes into them. A runtime that has only the usual ones refuses others, as
# tract does with lengths of rows that differ.
#
# Happens: every layer is run with sigmoid and tanh and without a bound. An RNN
# that was trained with relu, as PyTorch's nn.RNN with nonlinearity="relu" exports it,
# is squashed to at most 1.
#
# Seen (largest difference from the operator's text written out in numpy, and from
# the text with sigmoid, tanh and no bound):
#                  as the text says   the usual ones
#   RNN relu       3.0744             0.0000
#   RNN clip       1.3033             0.0000
#   GRU relu       3.5669             0.0000
#   GRU clip       0.8185             0.0000
#   LSTM relu      7.0367             0.0000
#   LSTM clip      0.4399             0.0000
#
# Matters for: whoever deploys a network with rectified or bounded units; nothing
# fails, and the shapes are right.
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
sigmoid, relu = lambda v: 1 / (1 + np.exp(-v)), lambda v: np.maximum(v, 0)


def written_out(op, x, h, w, r, b, c=None, gate=sigmoid, squash=np.tanh, cut=lambda v: v):
    """The operator's text on x (steps, rows, inputs); outputs (steps, rows, hidden)."""
    n, y = HIDDEN, {}
    wb, rb = b[0].reshape(2, -1)
    for t in range(STEPS):
        a, k = x[t] @ w[0].T + wb, h @ r[0].T + rb
        if op == "RNN":
            h = squash(cut(a + k))
        elif op == "GRU":
            z, reset = gate(cut(a + k))[:, :n], gate(cut(a + k))[:, n : 2 * n]
            h = (1 - z) * squash(cut(a[:, 2 * n :] + (reset * h) @ r[0, 2 * n :].T + rb[2 * n :])) + z * h
        else:
            i, o, f, g = np.split(cut(a + k), 4, axis=1)
            c = gate(f) * c + gate(i) * squash(g)
            h = gate(o) * squash(c)
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
    return tract.onnx().load("one.onnx").into_model().into_runnable().run([x])[0].to_numpy()[:, 0]


print("               as the text says   the usual ones")
for op, name, attributes, options in (
    ("RNN", "relu", {"activations": ["Relu"]}, {"squash": relu}),
    ("RNN", "clip", {"clip": 0.5}, {"cut": lambda v: np.clip(v, -0.5, 0.5)}),
    ("GRU", "relu", {"activations": ["Sigmoid", "Relu"]}, {"squash": relu}),
    ("GRU", "clip", {"clip": 0.5}, {"cut": lambda v: np.clip(v, -0.5, 0.5)}),
    ("LSTM", "relu", {"activations": ["Sigmoid", "Relu", "Relu"]}, {"squash": relu}),
    ("LSTM", "clip", {"clip": 0.5}, {"cut": lambda v: np.clip(v, -0.5, 0.5)}),
):
    x, weights = drawn(op)
    names = ["X", "W", "R", "B", "", "h"] + (["c"] if op == "LSTM" else [])
    saved(op, {"X": x}, weights, names, **attributes)
    right, usual = written_out(op, x, *known(weights), **options), written_out(op, x, *known(weights))
    off, same = np.abs(run(x) - right).max(), np.abs(run(x) - usual).max()
    print(f"{op + ' ' + name:13s}  {off:<16.4f}   {same:.4f}")
    assert off > 0.1 and same < 1e-5
PY

#!/usr/bin/env bash
# MNN 3.6.1: lengths, activations and clip of a recurrent layer are dropped by the converter.
#
# Packages: MNN 3.6.1, onnx 1.23.2, numpy 2.4.6.
#
# Expected: ONNX's RNN, GRU and LSTM take `sequence_lens`, the steps of each row, behind
# which outputs are 0 and the state stays; `activations`; a bound `clip`; and the LSTM
# `input_forget`. `mnnconvert` names operators that it has not got.
#
# Happens: it converts all of these without a word, and the network runs without
# them: each row is read to the end of its padding.
#
# Seen (largest difference from the operator's text written out in numpy, and from
# the text without the option):
#                        as the text says   without it
#   RNN sequence_lens    0.9994             0.0000
#   GRU sequence_lens    0.9566             0.0000
#   LSTM sequence_lens   0.7826             0.0000
#   RNN relu             55.7491            0.0000
#   GRU relu             5.9725             0.0000
#   GRU clip             1.3257             0.0000
#   LSTM clip            0.5651             0.0000
#   LSTM input_forget    0.5069             0.0000
#
# Matters for: models exported with packed sequences, or with rectified units. The
# shapes are right and the first steps look right.
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
sigmoid, relu = lambda v: 1 / (1 + np.exp(-v)), lambda v: np.maximum(v, 0)


def written_out(op, x, h, w, r, b, c=0.0, lengths=None, squash=np.tanh, cut=lambda v: v, coupled=False):
    """The operator's text on x (steps, rows, inputs); outputs (steps, rows, hidden), 0 behind an end."""
    n, y = HIDDEN, []
    wb, rb = b[0].reshape(2, -1)
    for t, step in enumerate(x):
        a, k = step @ w[0].T + wb, h @ r[0].T + rb
        if op == "RNN":
            h = squash(cut(a + k))
        elif op == "GRU":
            z, reset = sigmoid(cut(a + k))[:, :n], sigmoid(cut(a + k))[:, n : 2 * n]
            h = (1 - z) * squash(cut(a[:, 2 * n :] + reset * k[:, 2 * n :])) + z * h
        else:
            i, o, f, g = np.split(cut(a + k), 4, axis=1)
            c = (1 - sigmoid(i) if coupled else sigmoid(f)) * c + sigmoid(i) * squash(g)
            h = sigmoid(o) * squash(c)
        y.append(h if lengths is None else h * (t < lengths)[:, None])
    return np.stack(y)


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


LENGTHS = np.array([6, 2, 4])
bounded = {"cut": lambda v: np.clip(v, -0.5, 0.5)}
print("                     as the text says   without it")
for op, name, attributes, options in (
    ("RNN", "sequence_lens", {}, {"lengths": LENGTHS}),
    ("GRU", "sequence_lens", {}, {"lengths": LENGTHS}),
    ("LSTM", "sequence_lens", {}, {"lengths": LENGTHS}),
    ("RNN", "relu", {"activations": ["Relu"]}, {"squash": relu}),
    ("GRU", "relu", {"activations": ["Sigmoid", "Relu"]}, {"squash": relu}),
    ("GRU", "clip", {"clip": 0.5}, bounded),
    ("LSTM", "clip", {"clip": 0.5}, bounded),
    ("LSTM", "input_forget", {"input_forget": 1}, {"coupled": True}),
):
    x, weights = drawn(op)
    text = known(weights)
    names = ["X", "W", "R", "B", "", "h"] + (["c"] if op == "LSTM" else [])
    if "lengths" in options:
        weights["L"], names[4] = LENGTHS.astype(np.int32), "L"
    reset = {"linear_before_reset": 1} if op == "GRU" else {}
    saved(op, {"X": x}, weights, names, **attributes, **reset)
    right, without = written_out(op, x, *text, **options), written_out(op, x, *text)
    found = run(x)
    off, same = np.abs(found - right).max(), np.abs(found - without).max()
    print(f"{op + ' ' + name:19s}  {off:<16.4f}   {same:.4f}")
    assert off > 0.1 and same < 1e-4
PY

#!/usr/bin/env bash
# MNN 3.6.1: a GRU whose reset gate comes before the matrix is run as one that nobody has.
#
# Packages: MNN 3.6.1, onnx 1.23.2, numpy 2.4.6.
#
# Expected: ONNX's GRU applies its reset gate to the last output before the
# recurrent matrix (`linear_before_reset` 0, the default, and the formula of Cho and
# others, 2014) or to what the matrix makes of it and its bias (1, as cuDNN and
# PyTorch do). A converter does what the attribute says, or says that it cannot.
#
# Happens: with 0 the gate is applied after the matrix, and without the bias: neither
# formula. The second one is right.
#
# Seen (largest difference from each formula written out in numpy):
#                             gate before   gate after   after, without the bias
#   linear_before_reset=1     1.0129        0.0000       0.3784
#   linear_before_reset=0     1.8403        1.5152       0.0000
#
# Matters for: GRUs of Keras with reset_after=False and those written by hand; nothing
# fails, and numbers look like a GRU's.
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
GATES = {"GRU": 3}
rng = np.random.default_rng(0)
sigmoid = lambda v: 1 / (1 + np.exp(-v))


def written_out(x, h, w, r, b, way):
    """The operator's text on x (steps, rows, inputs), with the reset gate in one of three ways."""
    n, y = HIDDEN, []
    wb, rb = b[0].reshape(2, -1)
    for step in x:
        a, k = step @ w[0].T, h @ r[0].T
        gates = sigmoid(a + k + wb + rb)
        z, reset = gates[:, :n], gates[:, n : 2 * n]
        a, k, wb_, rb_ = a[:, 2 * n :], k[:, 2 * n :], wb[2 * n :], rb[2 * n :]
        if way == "before":
            new = a + wb_ + (reset * h) @ r[0, 2 * n :].T + rb_
        elif way == "after":
            new = a + wb_ + reset * (k + rb_)
        else:
            new = a + wb_ + reset * k + rb_
        h = (1 - z) * np.tanh(new) + z * h
        y.append(h)
    return np.stack(y)


def saved(op, feeds, weights, names, **attributes):
    """A file of one node; its weights are part of it."""
    last = ["YH"]
    node = helper.make_node(op, names, ["Y", *last], hidden_size=HIDDEN, **attributes)
    inputs = [helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in feeds.items()]
    outputs = [helper.make_tensor_value_info("Y", TensorProto.FLOAT, (STEPS, 1, ROWS, HIDDEN))]
    outputs += [helper.make_tensor_value_info(k, TensorProto.FLOAT, (1, ROWS, HIDDEN)) for k in last]
    kept = [numpy_helper.from_array(v, k) for k, v in weights.items()]
    graph = helper.make_graph([node], "one", inputs, outputs, kept)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), "one.onnx")


def drawn(op):
    """X, and what a file holds: weights and the first state."""
    gates, states = GATES[op], ("h",)
    shapes = {"W": (1, gates * HIDDEN, INPUTS), "R": (1, gates * HIDDEN, HIDDEN), "B": (1, 2 * gates * HIDDEN)}
    shapes |= {k: (1, ROWS, HIDDEN) for k in states}
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    return rng.normal(size=(STEPS, ROWS, INPUTS)).astype(np.float32), weights


def known(weights):
    """As `written_out` takes them."""
    w, r, b, h = (v.astype(float) for v in weights.values())
    return h[0], w, r, b


def run(x):
    """What MNN makes of the file."""
    subprocess.run(["venv/bin/mnnconvert", "-f", "ONNX", "--modelFile", "one.onnx", "--MNNModel", "one.mnn"], check=True, stdout=subprocess.DEVNULL)
    given = expr.placeholder(list(x.shape), expr.NCHW)
    given.write(x.flatten().tolist())
    net = nn.load_module_from_file("one.mnn", ["X"], ["Y"])
    return np.array(net.forward([given])[0].read()).reshape(STEPS, ROWS, HIDDEN)


print("                          gate before   gate after   after, without the bias")
for reset, right in ((1, "after"), (0, "before")):
    x, weights = drawn("GRU")
    saved("GRU", {"X": x}, weights, ["X", "W", "R", "B", "", "h"], linear_before_reset=reset)
    found = run(x)
    off = {way: np.abs(found - written_out(x, *known(weights), way)).max() for way in ("before", "after", "neither")}
    print(f"linear_before_reset={reset}     {off['before']:<11.4f}   {off['after']:<10.4f}   {off['neither']:.4f}")
    assert off["after"] < 1e-4 if reset else off["before"] > 0.1 and off["after"] > 0.1 and off["neither"] < 1e-4
PY

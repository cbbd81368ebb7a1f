#!/usr/bin/env bash
# onnx 1.23.2: the reference evaluator leaves out half of RNN, GRU and LSTM in silence.
#
# Packages: onnx 1.23.2, onnxruntime 1.31.1, numpy 2.4.6.
#
# Expected: `onnx.reference.ReferenceEvaluator` is there to say what a model means.
# Where it cannot do something it says so: its Scan raises on a direction or an
# axis that it lacks. So a recurrent node gives what the operator's text says, or
# an error.
#
# Happens: the node runs, and these inputs and attributes have no effect at all:
# `sequence_lens` (every row is run to the end of its padding, and the state that
# is returned has read it), `clip`, `input_forget`, and `activations` of GRU and
# LSTM. A direction, an initial state, peepholes and `linear_before_reset` are
# done, so that a glance at a plain model finds nothing.
#
# Seen (GRU and LSTM, lengths 5, 3, 2, largest difference from the operator's text
# written out in numpy):
#                           reference   onnxruntime
#   GRU plain               2e-07       3e-07
#   GRU sequence_lens       1.58        2e-07
#   GRU clip                0.99        1e-08
#   GRU activations         0.29        8e-08
#   LSTM plain              1e-07       2e-07
#   LSTM sequence_lens      0.67        1e-07
#   LSTM input_forget       0.12        3e-08
#
# Matters for: whoever takes the reference as the oracle for an exported model with
# packed sequences. onnxruntime follows the text.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.31.1 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

STEPS, ROWS, INPUTS, HIDDEN = 5, 3, 2, 4
LENGTHS = [5, 3, 2]
rng = np.random.default_rng(0)
sigmoid = lambda v: 1 / (1 + np.exp(-v))
hard, softsign = (lambda v: np.clip(0.2 * v + 0.5, 0, 1)), (lambda v: v / (1 + np.abs(v)))


def written_out(op, x, w, r, b, lengths, clip=None, coupled=False, gate=sigmoid, squash=np.tanh):
    """The operator's text, row by row and step by step."""
    n, w, r = HIDDEN, w[0].astype(float), r[0].astype(float)
    wb, rb = b[0].astype(float).reshape(2, -1)
    cut = (lambda v: v) if clip is None else (lambda v: np.clip(v, -clip, clip))
    y, last = np.zeros((STEPS, 1, ROWS, n)), np.zeros((1, ROWS, n))
    for row in range(ROWS):
        h, c = np.zeros(n), np.zeros(n)
        for t in range(lengths[row]):
            a, k = w @ x[t, row] + wb, r @ h + rb
            if op == "GRU":
                z, reset = gate(cut(a[:n] + k[:n])), gate(cut(a[n:2 * n] + k[n:2 * n]))
                new = squash(cut(a[2 * n:] + r[2 * n:] @ (reset * h) + rb[2 * n:]))
                h = (1 - z) * new + z * h
            else:
                i, o, f, g = np.split(a + k, 4)
                i, o, g = gate(cut(i)), gate(cut(o)), squash(cut(g))
                c = (1 - i if coupled else gate(cut(f))) * c + i * g
                h = o * np.tanh(c)
            y[t, 0, row] = h
        last[0, row] = h
    return y, last


def both(op, attributes, lengths):
    gates = 3 if op == "GRU" else 4
    feeds = {"X": (STEPS, ROWS, INPUTS), "W": (1, gates * HIDDEN, INPUTS), "R": (1, gates * HIDDEN, HIDDEN), "B": (1, 2 * gates * HIDDEN)}
    feeds = {name: rng.normal(size=shape).astype(np.float32) for name, shape in feeds.items()}
    data = [feeds[name] for name in "XWRB"]
    if lengths is not None:
        feeds["L"] = np.array(lengths, dtype=np.int32)
    node = helper.make_node(op, list(feeds), ["Y", "H"], hidden_size=HIDDEN, **attributes)
    inputs = [helper.make_tensor_value_info(k, TensorProto.INT32 if k == "L" else TensorProto.FLOAT, v.shape) for k, v in feeds.items()]
    outputs = [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [STEPS, 1, ROWS, HIDDEN]),
               helper.make_tensor_value_info("H", TensorProto.FLOAT, [1, ROWS, HIDDEN])]
    graph = helper.make_graph([node], "one", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return data, ReferenceEvaluator(model).run(None, feeds), session.run(None, feeds)


print("                        reference   onnxruntime")
for op, name, attributes, options, lengths, done in (
    ("GRU", "plain", {}, {}, None, True),
    ("GRU", "sequence_lens", {}, {}, LENGTHS, False),
    ("GRU", "clip", {"clip": 0.1}, {"clip": 0.1}, None, False),
    ("GRU", "activations", {"activations": ["HardSigmoid", "Softsign"]}, {"gate": hard, "squash": softsign}, None, False),
    ("LSTM", "plain", {}, {}, None, True),
    ("LSTM", "sequence_lens", {}, {}, LENGTHS, False),
    ("LSTM", "input_forget", {"input_forget": 1}, {"coupled": True}, None, False),
):
    data, reference, runtime = both(op, attributes, lengths)
    right = written_out(op, *data, lengths or [STEPS] * ROWS, **options)
    off = [max(np.abs(a - b).max() for a, b in zip(found, right)) for found in (reference, runtime)]
    print(f"{op + ' ' + name:22s}  {off[0]:<9.0e}   {off[1]:.0e}" if done else f"{op + ' ' + name:22s}  {off[0]:<9.2f}   {off[1]:.0e}")
    assert off[1] < 1e-5
    assert off[0] < 1e-5 if done else off[0] > 0.05
PY

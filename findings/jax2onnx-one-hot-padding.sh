#!/usr/bin/env bash
# jax2onnx 0.17.1: a label of -1 in jax.nn.one_hot, all zeros in JAX, is the last class in
# the exported file.
#
# Packages: jax2onnx 0.17.1, jax 0.10.2, flax 0.12.8, onnx 1.23.2, onnxruntime 1.31.1,
# numpy 2.4.6.
#
# Expected: JAX documents that an index outside of [0, num_classes) is encoded as zeros.
# The exported file gives what the function gives.
#
# Happens: it is exported as ONNX's OneHot, which counts negative indices from the end.
# From -num_classes to -1 they become classes. An index that is too large is zeros in both.
#
# Seen, 4 classes, largest difference of a row:
#   labels 0 3 4 9:  0 0 0 0
#   labels -1 -4:    1 1, -1 is class 3 and -4 is class 0
#   labels -5:       0
#   sum of the codes of (2, 1, -1, -1): JAX 0 1 1 0, ONNX 0 1 1 2
#
# Matters for: sequences that are padded with -1, whose pads count as the last
# letter in the exported model, in histories and in averages over positions.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax2onnx==0.17.1 jax==0.10.2 flax==0.12.8 onnx==1.23.2 onnxruntime==1.31.1 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import jax
import numpy as np
import onnxruntime
from jax2onnx import to_onnx

onnxruntime.set_default_logger_severity(4)
CLASSES = 4


def code(labels):
    return jax.nn.one_hot(labels.astype("int32"), CLASSES)


def both(labels):
    labels = np.array(labels, dtype=np.float32)
    right = np.asarray(code(labels))
    model = to_onnx(code, inputs=[labels.shape]).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return right, session.run(None, {session.get_inputs()[0].name: labels})[0]


for labels, apart in (([0, 3, 4, 9], [0, 0, 0, 0]), ([-1, -4], [1, 1]), ([-5], [0])):
    right, found = both(labels)
    print("labels", *labels, "differ by", *np.abs(right - found).max(1).astype(int), "classes", *(np.flatnonzero(row) for row in found))
    assert np.abs(right - found).max(1).tolist() == apart
right, found = (codes.sum(0).astype(int).tolist() for codes in both([2, 1, -1, -1]))
print("sum of the codes of (2, 1, -1, -1): JAX", *right, " ONNX", *found)
assert right == [0, 1, 1, 0] and found == [0, 1, 1, 2]
PY

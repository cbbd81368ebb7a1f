#!/usr/bin/env bash
# jax2onnx 0.17.1: a window that would go over the end is moved back in JAX and cut short in
# the exported file.
#
# Packages: jax2onnx 0.17.1, jax 0.10.2, flax 0.12.8, onnx 1.23.2, onnxruntime 1.31.1,
# numpy 2.4.6.
#
# Expected: `lax.dynamic_slice` is documented to move the start so that the whole slice
# lies inside: it always has the given size. The exported file declares that size for
# its output, and gives what the function gives.
#
# Happens: the start is exported as it is, and ONNX's Slice stops at the end. The output
# has fewer elements than the file declares, and what follows works on them: a mean
# over the window is the sum of its tail divided by the declared size. `lax.dynamic_update_slice` is exported with the
# start moved, so that what is read is not where the same start writes.
#
# Seen, window of 3 of the numbers 0 to 5:
#   start 2:   JAX 2 3 4   ONNX 2 3 4
#   start 4:   JAX 3 4 5   ONNX 4 5
#   start 5:   JAX 3 4 5   ONNX 5
#   start -2:  JAX 3 4 5   ONNX 4 5
#   mean of the window at 5: JAX 4, ONNX 1.67
#   written at 5: 0 1 2 -1 -1 -1 in both
#
# Matters for: ring buffers, key-value caches, last windows of a series.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax2onnx==0.17.1 jax==0.10.2 flax==0.12.8 onnx==1.23.2 onnxruntime==1.31.1 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import numpy as np
import onnxruntime
from jax import lax
from jax.numpy import full
from jax2onnx import to_onnx

onnxruntime.set_default_logger_severity(4)
NUMBERS, SIZE = np.arange(6, dtype=np.float32), 3


def window(numbers, start):
    return lax.dynamic_slice(numbers, (start.astype("int32")[0],), (SIZE,))


def mean(numbers, start):
    return window(numbers, start).mean()


def written(numbers, start):
    return lax.dynamic_update_slice(numbers, full(SIZE, -1, "float32"), (start.astype("int32")[0],))


def exported(function):
    model = to_onnx(function, inputs=[NUMBERS.shape, (1,)]).SerializeToString()
    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def both(function, session, start):
    feeds = NUMBERS, np.array([start], dtype=np.float32)
    return np.asarray(function(*feeds)).tolist(), session.run(None, {i.name: x for i, x in zip(session.get_inputs(), feeds)})[0].tolist()


session = exported(window)
assert session.get_outputs()[0].shape == [SIZE]
for start, cut in ((2, [2, 3, 4]), (4, [4, 5]), (5, [5]), (-2, [4, 5])):
    right, found = both(window, session, start)
    print(f"start {start}: JAX", *map(int, right), " ONNX", *map(int, found))
    assert len(right) == SIZE and found == cut
right, found = both(mean, exported(mean), 5)
print(f"mean of the window at 5: JAX {right:.3g}  ONNX {found:.3g}")
assert right == 4 and abs(found - 5 / SIZE) < 1e-6
right, found = both(written, exported(written), 5)
print("written at 5: JAX", *map(int, right), " ONNX", *map(int, found))
assert right == found == [0, 1, 2, -1, -1, -1]
PY

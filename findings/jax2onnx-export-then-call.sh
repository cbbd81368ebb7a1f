#!/usr/bin/env bash
# jax2onnx 0.17.1: after a jitted function is exported, calling it raises.
#
# Packages: jax2onnx 0.17.1, jax 0.10.2, flax 0.12.8, onnx 1.23.2, onnxruntime 1.31.1,
# numpy 2.4.6.
#
# Expected: `to_onnx(function)` returns a model and leaves the function as it was.
#
# Happens: while it traces, some of jax.numpy (tanh, where, concatenate and others) is
# replaced by stand-ins that only the converter understands. JAX keeps what it has traced
# of a jitted function and of the body of a scan for each shape. What the export traced
# first is kept with the stand-ins in it, and the next call finds it and raises, at that
# and at other lengths. A fresh copy of the function works, a function that was called
# before it was exported works, and `jax.clear_caches()` mends it.
#
# Seen:
#   tanh in a scan, exported, called at 4 steps:   NotImplementedError, at 5 steps too
#   a fresh copy of it:                            fine
#   after jax.clear_caches():                      fine
#   called, exported, called:                      fine
#   jitted where, exported, called:                NotImplementedError
#   jitted exp, exported, called:                  fine
#
# Matters for: exporting a checkpoint in a training program and going on, and comparing
# the exported model with the function: evaluate first, or clear the caches.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax2onnx==0.17.1 jax==0.10.2 flax==0.12.8 onnx==1.23.2 onnxruntime==1.31.1 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import jax
import jax.numpy as jnp
from jax import lax
from jax2onnx import to_onnx

FOUR, FIVE = jnp.ones((4, 3)), jnp.ones((5, 3))


def recurrent():
    def step(carry, x):
        carry = jnp.tanh(0.5 * carry + x)
        return carry, carry

    return jax.jit(lambda x: lax.scan(step, jnp.zeros(3), x)[1])


def works(name, function, *values):
    try:
        function(*values)
        answer = True
    except NotImplementedError as error:
        assert "MLIR translation rule for primitive 'jax.numpy" in str(error)
        answer = False
    print(f"{name}:", "fine" if answer else "NotImplementedError")
    return answer


model = recurrent()
to_onnx(model, inputs=[FOUR.shape])
assert not works("tanh in a scan, exported, called at 4 steps", model, FOUR)
assert not works("at 5 steps", model, FIVE)
assert works("a fresh copy", recurrent(), FOUR)
jax.clear_caches()
assert works("after jax.clear_caches()", model, FOUR)

model = recurrent()
assert works("called before the export", model, FOUR)
to_onnx(model, inputs=[FOUR.shape])
assert works("called again after it", model, FOUR)

for name, function, expected in (("where", lambda x: jnp.where(x > 0, x, 0), False), ("exp", jnp.exp, True)):
    jitted = jax.jit(lambda x, function=function: function(x) + 1)
    to_onnx(jitted, inputs=[FOUR.shape])
    assert works(f"jitted {name}, exported, called", jitted, FOUR) == expected
PY

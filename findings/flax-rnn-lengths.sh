#!/usr/bin/env bash
# flax 0.12.8: the carry of a row of length 0 is that after its padding, and with two
# batch dimensions the carry has one dimension too many.
#
# Packages: flax 0.12.8, jax 0.10.2.
#
# Expected: `nnx.RNN` takes `seq_lengths` of shape (*batch) and any number of batch
# dimensions. With `return_carry=True` the carry of each row is that after its own
# last step: of a row of length n the same as of the row cut to n steps, of a row of
# length 0 the initial carry.
#
# Happens: the carry is picked at position length - 1 of all carries. For length 0 that
# is -1, the last: the row comes back with the state after all of its padding. With two
# batch dimensions of equal size the positions of both are paired with the first
# dimension alone: carries come back as (2, 2, 2, features), rows mixed, no error;
# sizes that do not broadcast raise. `linen.RNN` does both too.
#
# Seen, GRU, 6 steps, against the rows cut to their length:
#   one batch dimension:   lengths 6 and 3 within 1e-6, length 0 off by 0.4763
#   two batch dimensions:  outputs (2, 2, 6, 4), carry (2, 2, 2, 4), wanted (2, 2, 4)
#
# Matters for: encoders whose last carry is the summary of a sequence that may be empty,
# and carries that go on to the next chunk of a batch in which some rows have ended.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check flax==0.12.8 jax==0.10.2
venv/bin/python -W ignore - <<'PY'
import flax.linen
import jax
import jax.numpy as jnp
from flax import nnx

rows = jax.random.normal(jax.random.key(0), (3, 6, 3))
LENGTHS = (6, 3, 0)


def carries_nnx(inputs, lengths=None):
    return nnx.RNN(nnx.GRUCell(3, 4, rngs=nnx.Rngs(0)))(inputs, seq_lengths=lengths, return_carry=True)


def carries_linen(inputs, lengths=None):
    layer = flax.linen.RNN(flax.linen.GRUCell(4), return_carry=True)
    weights = layer.init(jax.random.key(1), rows)
    return layer.apply(weights, inputs, seq_lengths=lengths)


for name, carries in (("nnx", carries_nnx), ("linen", carries_linen)):
    together, _ = carries(rows, jnp.array(LENGTHS))
    for index, length in enumerate(LENGTHS):
        right = carries(rows[index : index + 1, :length])[0][0] if length else jnp.zeros(4)
        off = float(jnp.abs(together[index] - right).max())
        print(f"{name}: length {length} off by {off:.4f}")
        assert (off < 1e-6) == (length > 0)
    after_padding = carries(rows[2:3])[0][0]
    assert float(jnp.abs(together[2] - after_padding).max()) < 1e-6
    square = jax.random.normal(jax.random.key(2), (2, 2, 6, 3))
    carry, outputs = carries(square, jnp.array([[6, 3], [2, 5]]))
    print(f"{name}: two batch dimensions, outputs {outputs.shape}, carry {carry.shape}")
    assert outputs.shape == (2, 2, 6, 4) and carry.shape == (2, 2, 2, 4)
PY

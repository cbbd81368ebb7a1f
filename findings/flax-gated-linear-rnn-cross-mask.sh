#!/usr/bin/env bash
# flax-gated-linear-rnn 1.0.3: the mask of a cross attention sets the padded values to zero and
# still attends to them: what a decoder reads shrinks with the padding.
#
# Packages: flax-gated-linear-rnn 1.0.3, jax 0.10.2, flax 0.12.8, numpy 2.4.6.
#
# Expected: with `encoding_mask` the padded positions of the encoded sequence are left out: the
# output is the same as for the sequence without padding.
#
# Happens: the values of padded positions are multiplied with 0, but their keys stay in the
# softmax, which has no mask. The valid positions share what is left of the weight.
#
# Seen, 6 valid positions, size of the attended part of the output beside that without padding,
# padded with normal noise, at the random start:
#   padding   0     6     18    58
#   size      1     .28   .16   .06
#
# Matters for: batches of unequal lengths, as in the package's text-to-speech models: a row's
# reading depends on the longest row of its batch.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps flax-gated-linear-rnn==1.0.3
venv/bin/python -W ignore - <<'PY'
import jax
import jax.numpy as jnp
import numpy as np
from flax_gated_linear_rnn.attention import MultiHeadCrossAttention

WIDTH, HEADS, VALID = 8, 2, 6


def by_hand(parameters, query, keys):
    """One head after another, all positions valid."""
    params = {name: (np.asarray(part["kernel"]), np.asarray(part["bias"])) for name, part in parameters["params"].items()}
    asks = (query @ params["q_proj"][0] + params["q_proj"][1]).reshape(len(query), HEADS, -1)
    both = (keys @ params["kv_proj"][0] + params["kv_proj"][1]).reshape(len(keys), HEADS, -1)
    each = asks.shape[-1]
    logits = np.einsum("qhd,khd->hqk", asks, both[..., :each]) / np.sqrt(each)
    weights = np.exp(logits)
    weights /= weights.sum(axis=-1, keepdims=True)
    read = np.einsum("hqk,khd->qhd", weights, both[..., each:]).reshape(len(query), -1)
    return read @ params["out_proj"][0] + params["out_proj"][1]


layer = MultiHeadCrossAttention(d_model=WIDTH, d_h=WIDTH, n_head=HEADS)
query = np.asarray(jax.random.normal(jax.random.key(0), (3, WIDTH)))
valid = np.asarray(jax.random.normal(jax.random.key(1), (VALID, WIDTH)))
parameters = layer.init(jax.random.key(2), query[None], valid[None])
right = by_hand(parameters, query, valid)
bias = np.asarray(parameters["params"]["out_proj"]["bias"])
for padding in (0, 6, 18, 58):
    filling = np.asarray(jax.random.normal(jax.random.key(3), (padding, WIDTH)))
    mask = jnp.arange(VALID + padding) < VALID
    found = np.asarray(layer.apply(parameters, query[None], np.concatenate([valid, filling])[None], encoding_mask=mask[None]))[0]
    size = np.linalg.norm(found - bias) / np.linalg.norm(right - bias)
    print(f"padding {padding:2}: size of what is read {size:.2f}, difference {np.abs(found - right).max():.3f} (largest number {np.abs(right).max():.3f})")
    if padding == 0:
        assert np.allclose(found, right, atol=1e-5)
    else:
        assert size < 0.75
PY

#!/usr/bin/env bash
# local-attention-flax 0.0.2: the first window attends to a whole window of zeros before it: with
# windows of 64 the first token gets back 1 % of its value.
#
# Packages: local-attention-flax 0.0.2, jax 0.10.2, flax 0.12.8, einops 0.8.2, numpy 2.4.6.
#
# Expected: a token attends to those before it in its window and to the window before. The first
# window has none before it: its first token attends to itself alone, with all of its weight.
#
# Happens: keys and values are padded with a window of zeros in front, and the mask lets the first
# window see it. A key of zeros has the logit 0, as good as any other at the start, so that the
# first token shares its attention with as many zeros as a window has tokens, and what it reads
# is its value divided by about one more than that.
#
# Seen, two windows, at the random start, output of the first token as a share of its value, and
# how far outputs are off:
#                    share    first window     second window
#   window of 4      .115     up to 89 %       0
#   window of 16     .032     up to 97 %       0
#   window of 64     .008     up to 99 %       0
#
# Matters for: short sequences, the beginnings of texts, and weights to or from other packages.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8 einops==0.8.2 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps local-attention-flax==0.0.2
venv/bin/python -W ignore - <<'PY'
import jax
import numpy as np
from local_attention_flax import LocalAttention

WIDTH, HEADS, EACH = 8, 2, 4


def by_hand(x, project, mix, window):
    """Each token attends to those of its window until itself and to all of the window before."""
    queries, keys, values = (part.reshape(len(x), HEADS, EACH) for part in np.split(x @ project, 3, axis=1))
    rows = []
    for t in range(len(x)):
        seen = range(max(t // window - 1, 0) * window, t + 1)
        weights = np.exp(np.einsum("hd,shd->hs", queries[t], keys[list(seen)]) / np.sqrt(EACH))
        weights /= weights.sum(axis=1, keepdims=True)
        rows.append(np.einsum("hs,shd->hd", weights, values[list(seen)]).ravel())
    return np.array(rows) @ mix, values[:, :, :].reshape(len(x), -1) @ mix


for window in (4, 16, 64):
    layer = LocalAttention(dim=WIDTH, window_size=window, heads=HEADS, dim_head=EACH)
    x = np.asarray(jax.random.normal(jax.random.key(0), (2 * window, WIDTH)))
    parameters = layer.init(jax.random.key(1), x)
    project = np.asarray(parameters["params"]["Dense_0"]["kernel"])
    mix = np.asarray(parameters["params"]["Dense_1"]["kernel"])
    assert not np.any(parameters["params"]["Dense_1"]["bias"])
    found = np.asarray(layer.apply(parameters, x))
    right, values = by_hand(x, project, mix, window)
    share = (found[0] @ values[0]) / (values[0] @ values[0])
    gaps = np.linalg.norm(found - right, axis=1) / np.linalg.norm(right, axis=1)
    print(f"window {window:3}: first token {share:.3f} of its value; off by up to {gaps[:window].max():.1%} in the first window, {gaps[window:].max():.1e} in the second")
    assert np.allclose(right[0], values[0], atol=1e-5)
    assert share < 2.5 / window and gaps[:window].max() > 0.6 and gaps[window:].max() < 1e-3
PY

#!/usr/bin/env bash
# positional-embeddings-pytorch 0.0.1: `max_distance` of the T5 embedding is not read: buckets end at 128 whatever it says.
#
# Packages: positional-embeddings-pytorch 0.0.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `T5PositionalEmbedding(num_heads, num_buckets, max_distance)`, T5's buckets (Raffel et al. 2020), one for each small
# distance and then wider and wider ones: "all relative positions >= max_distance map to the same bucket".
#
# Happens: it is stored, and the function that finds the buckets is called without it.
#
# Seen, 32 buckets, the bucket of a key so far back
#   distance                   8     16    31    64    127   200   400   599
#   max_distance 32, right     8     12    15    15    15    15    15    15
#   max_distance 512, right    8     9     10    12    13    14    15    15
#   found, 32, 128 and 512     8     10    11    14    15    15    15    15
#
# Matters for: long inputs, for which it is raised: beyond 128 all keys look alike.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps positional-embeddings-pytorch==0.0.1
venv/bin/python -W ignore - <<'PY'
import math

import torch
from positional_embeddings_pytorch import T5PositionalEmbedding

LENGTH, BUCKETS, SHOWN = 600, 32, (8, 16, 31, 64, 127, 200, 400, 599)
torch.set_grad_enabled(False)


def right(distance, farthest):
    """T5's bucket of a key so many tokens back, of half of the buckets."""
    half = BUCKETS // 2
    exact = half // 2
    if distance < exact:
        return distance
    return min(exact + int(math.log(distance / exact) / math.log(farthest / exact) * (half - exact)), half - 1)


found = {}
for farthest in (32, 128, 512):
    layer = T5PositionalEmbedding(num_heads=1, num_buckets=BUCKETS, max_distance=farthest)
    layer.relative_attention_bias.weight.copy_(torch.arange(BUCKETS).float()[:, None])  # the bias is the bucket's number
    zeros = torch.zeros(1, 1, LENGTH, 4)
    biases = layer.forward_attn(zeros, zeros, None, None)[0, 0, -1].flip(0)  # of the last query, by distance
    found[farthest] = [int(bias) for bias in biases]
    wanted = [right(distance, farthest) for distance in range(LENGTH)]
    print(f"max_distance {farthest}: right", *(wanted[d] for d in SHOWN), "found", *(found[farthest][d] for d in SHOWN))
    differ = sum(a != b for a, b in zip(wanted, found[farthest]))
    assert differ <= 3 if farthest == 128 else differ > 20  # a few borders of buckets are rounded the other way
assert found[32] == found[128] == found[512]
PY

#!/usr/bin/env bash
# feedback-transformer-pytorch 0.0.11: every key of the memory is at distance 0.
#
# Packages: feedback-transformer-pytorch 0.0.11, einops 0.8.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: the model has a relative position bias, causal, 32 buckets as in T5, and
# no other positions. A query and a key n steps before it are at distance n: so the
# bias of the last of 64 tokens over 64 keys falls into a bucket for each of the
# distances 0 to 15, and into ever wider ones beyond.
#
# Happens: the bias numbers queries from 0 within their segment of `seq_len` tokens
# and keys from 0 at the oldest of the memory. Keys at or after a query's number
# count as distance 0. With segments of 2 all keys of the memory but the oldest fall
# into bucket 0, and the oldest is the one said to be a step away. The order of the
# past reaches the output through the memory's contents only. T5 puts the queries at
# the end of the keys: q_pos = arange(j - i, j).
#
# Seen, the buckets of the last segment of 64 tokens, by a hook in an ordinary pass:
#   first query:   bucket 0 for all 64 keys
#   second query:  bucket 1 for the oldest key, bucket 0 for the other 63
#   by true distances: 27 buckets for each
#
# Matters for: whoever compares this model on tasks where it counts how long ago
# something was. It passes tests of causality and of states.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps feedback-transformer-pytorch==0.0.11
venv/bin/python - <<'PY'
import torch
from feedback_transformer_pytorch import FeedbackTransformer

torch.manual_seed(0)
model = FeedbackTransformer(num_tokens=20, dim=64, depth=1, seq_len=2, mem_len=256, heads=4).eval()
with torch.no_grad():  # a bias that is the number of its bucket
    model.pos_emb.relative_attention_bias.weight.copy_(torch.arange(32.0)[:, None].expand(-1, 4))
seen = []
model.pos_emb.register_forward_hook(lambda module, given, said: seen.append(said[0, 0]))
with torch.no_grad():
    model(torch.randint(0, 20, (1, 64)))
last = seen[-1]  # (2, 64): the last two tokens by all keys, the oldest first
for name, row in zip(("first", "second"), last):
    print(f"{name} query of the last segment: buckets {sorted(set(row.int().tolist()))}, not 0 at keys {row.nonzero()[:, 0].tolist()}")

bucket = model.pos_emb._relative_position_bucket
for query, row in zip((62, 63), last):
    away = torch.arange(64)[: query + 1] - query  # what the same function says of true distances
    right = bucket(away, causal=True, num_buckets=32, max_distance=128)
    print(f"true distances 0 to {query}: {len(set(right.tolist()))} buckets")
    assert len(set(right.tolist())) > 15
assert last.shape == (2, 64)
assert last[0].eq(0).all()
assert last[1, 0] == 1 and last[1, 1:].eq(0).all()
PY

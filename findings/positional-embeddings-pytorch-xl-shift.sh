#!/usr/bin/env bash
# positional-embeddings-pytorch 0.0.1: Transformer-XL's relative positions are not relative, and mix rows: scores depend on where
# a key is, not on how far, and a row's scores on the row beside it.
#
# Packages: positional-embeddings-pytorch 0.0.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: scores of Transformer-XL (Dai et al. 2019): (q + u) k + (q + v) R_(i - j), the same for all queries i and keys j that
# are equally far apart; rows of a batch do not see each other.
#
# Happens: the shift that turns columns of R into distances is written for tensors (query, key, row, head). Here they are
# (row, head, query, key), and it shifts rows and heads: nothing at all in a batch of one, and in larger ones heads move
# from row to row.
#
# Seen, all queries and all keys the same, 5 of each, position scores of the first head, r by distance from 0 to 4
#   right, query 3, keys 1 to 3                r2 r1 r0
#   found, every query, keys 1 to 5            r4 r3 r2 r1 r0
# A batch of 2: row 1 has head 2's scores in head 1 and 0 in head 2. A batch of 3: other queries in row 2 change row 1.
#
# Matters for: any comparison of position embeddings by it: this one is an absolute one from the end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps positional-embeddings-pytorch==0.0.1
venv/bin/python -W ignore - <<'PY'
import torch
from positional_embeddings_pytorch import TransformerXLPositionalEmbedding

LENGTH, HEADS, WIDTH = 5, 2, 4
torch.manual_seed(0)
torch.set_grad_enabled(False)
layer = TransformerXLPositionalEmbedding(embed_dim=8, num_heads=HEADS, head_dim=WIDTH, dropout_p=0.1).eval()
layer.r_w_bias.normal_()
layer.r_r_bias.normal_()


def by_distance(q):
    """(q + v) R_d for each distance d from 0, as (row, head, query, d)."""
    embedded = layer.r_net(layer.pos_emb(torch.arange(LENGTH, dtype=torch.float))).view(LENGTH, HEADS, WIDTH)
    return torch.einsum("bhqc,dhc->bhqd", q + layer.r_r_bias, embedded)


def scores(q, k):
    return layer.forward_attn(q, k, None, None)


def content(q, k):
    return torch.einsum("bhqc,bhkc->bhqk", q + layer.r_w_bias, k)


q, k = torch.randn(1, HEADS, 1, WIDTH).expand(1, HEADS, LENGTH, WIDTH), torch.randn(1, HEADS, 1, WIDTH).expand(1, HEADS, LENGTH, WIDTH)
found, r = scores(q, k) - content(q, k), by_distance(q)
print("R by distance from 0:", *(f"{float(x):.3f}" for x in r[0, 0, 0]))
for query in range(LENGTH):
    right = [float(r[0, 0, query, query - key]) for key in range(query + 1)]
    print(f"query {query + 1}: right", *(f"{x:.3f}" for x in right), "found", *(f"{float(x):.3f}" for x in found[0, 0, query]))
    # Every query has the last one's scores: key j is taken to be LENGTH - 1 - j away.
    assert torch.allclose(found[0, :, query], r[0, :, query].flip(-1), atol=1e-5)
    if query < LENGTH - 1:
        assert max(abs(float(found[0, 0, query, key]) - right[key]) for key in range(query + 1)) > 0.01

for rows in (2, 3):
    queries, keys = torch.randn(rows, HEADS, LENGTH, WIDTH), torch.randn(rows, HEADS, LENGTH, WIDTH)
    both, alone = scores(queries, keys), scores(queries[:1], keys[:1])
    other = queries.clone()
    other[1] += 1.0
    changed = float((scores(other, keys) - both)[0].abs().max())
    print(f"{rows} rows: row 1 in the batch and alone differ by {float((both[0] - alone[0]).abs().max()):.2g},",
          f"other queries in row 2 change row 1 by {changed:.2g}")
    assert (both[0] - alone[0]).abs().max() > 0.01 and (changed > 0.01) == (rows == 3)
    # In a batch of two the position scores of row 1 are those of head 2 in head 1, and 0 in head 2.
    if rows == 2:
        shifted, r = both[0] - content(queries, keys)[0], by_distance(queries)[0].flip(-1)
        assert torch.allclose(shifted[0], r[1], atol=1e-5) and shifted[1].abs().max() < 1e-5
PY

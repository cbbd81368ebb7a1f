#!/usr/bin/env bash
# dilated-attention-pytorch 0.2.0: with the 12 heads and 5 segment lengths of the paper, two
# heads put out zeros for every token, and two are counted twice.
#
# Packages: dilated-attention-pytorch 0.2.0, torch 2.13.0, einops 0.8.2, numpy 2.4.6.
# xformers, which it calls for one function, needs a GPU: `memory_efficient_attention` is
# torch's `scaled_dot_product_attention` here, by definition the same function.
#
# Expected: the heads are shared out among the segment lengths; a comment in the source says
# that if they cannot be shared out evenly "the first few groups" have one head more, so that
# LongNet's own 12 heads and 5 lengths work. Each head attends in one group.
#
# Happens: the first head of group i is reckoned as i times the size of that group. With
# groups of 3, 3, 2, 2, 2 they begin at 0, 3, 4, 6, 8: heads 4 and 5 (from 0 on) are in two
# groups and summed up, and heads 10 and 11 are in none: their outputs are 0.
#
# Seen, dilation 1 everywhere, 16 tokens, segments of 16 8 4 4 2; the groups that a head is in
#   head    0  1  2  3  4  5  6  7  8  9  10  11
#   right   0  0  0  1  1  1  2  2  3  3   4   4
#   found   0  0  0  1 1+2 1+2 3  3  4  4   -   -
#   all 2 x 16 x 8 outputs of heads 10 and 11 are 0
#
# Matters for: `LongNet()` and `LongNetLM()` with their defaults, and any number of heads that
# is no multiple of the number of segment lengths: a sixth of the heads learns nothing.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dilated-attention-pytorch==0.2.0
mkdir xformers
touch xformers/__init__.py
cat > xformers/ops.py <<'PY'
import torch

AttentionOp = object


class LowerTriangularMask:
    """Stands for the causal mask."""


def memory_efficient_attention(query, key, value, attn_bias=None, op=None):
    """Softmax attention of (rows, tokens, heads, width)."""
    parts = [t.transpose(1, 2) for t in (query, key, value)]
    return torch.nn.functional.scaled_dot_product_attention(*parts).transpose(1, 2)
PY
PYTHONPATH="$work" venv/bin/python - <<'PY'
import torch
from dilated_attention_pytorch.dilated_attention import DilatedAttention

HEADS, LENGTHS = 12, [16, 8, 4, 4, 2]
torch.manual_seed(0)
query, key, value = torch.randn(3, 1, 16, HEADS, 8).unbind(0)


def group_of(length):
    """Outputs of all heads in segments of a length, as the package normalises them."""
    pieces = [t.reshape(16 // length, length, HEADS, 8).transpose(1, 2) for t in (query, key, value)]
    outputs = torch.nn.functional.scaled_dot_product_attention(*pieces).transpose(1, 2).reshape(1, 16, HEADS, 8)
    return outputs / outputs.sum(1, keepdim=True) / len(LENGTHS)


groups = [group_of(length) for length in LENGTHS]
found = DilatedAttention(LENGTHS, [1] * len(LENGTHS))(query, key, value)
members = [[0], [0], [0], [1], [1, 2], [1, 2], [3], [3], [4], [4], [], []]
for head, inside in enumerate(members):
    expected = sum((groups[i][:, :, head] for i in inside), torch.zeros(1, 16, 8))
    assert torch.allclose(found[:, :, head], expected, rtol=1e-3, atol=1e-5), head
    print(f"head {head:2}: groups {inside}, largest output {found[:, :, head].abs().max():.3f}")
assert not found[:, :, 10:].any()

value.requires_grad_()
DilatedAttention(LENGTHS, [1] * len(LENGTHS))(query, key, value).square().sum().backward()
assert not value.grad[:, :, 10:].any() and value.grad[:, :, :10].any()
print("heads 10 and 11: no output, no gradient")
PY

#!/usr/bin/env bash
# dilated-attention-pytorch 0.2.0: each head's output is divided by its own sum over the whole
# sequence: a causal layer depends on later tokens, values have no scale, and some are huge.
#
# Packages: dilated-attention-pytorch 0.2.0, torch 2.13.0, einops 0.8.2, numpy 2.4.6.
# xformers, which it calls for one function, needs a GPU: `memory_efficient_attention` is
# torch's `scaled_dot_product_attention` here, by definition the same function.
#
# Expected: `is_causal=True` in a drop-in replacement of attention lets token t depend on
# tokens 1 to t. With one segment of full length and a dilation of 1 it is plain attention.
# LongNet weighs the outputs of several dilations by the denominators of their softmax,
# which are positive and belong to one token each.
#
# Happens: the output, a weighted mean of values of either sign, is divided by its sum over all
# tokens. A later token changes all earlier outputs; where the sum is near 0 outputs grow
# without bound; and values multiplied by 2 or by -1 give the same output.
#
# Seen, 2 heads of 8, 16 tokens, one segment, dilation 1:
#   outputs, largest                   right 2.12     found 2.40
#   the last value is moved by 1:      tokens 1 to 15 move by up to 0.00 (right), 0.10 (found)
#   all values doubled, negated        outputs move by 0.000 and 0.000
#
# Matters for: causal language models (`LongNetLM`) with this layer: their loss in training is
# of a model that has seen what it predicts, and generation token by token is another one.
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
    causal = isinstance(attn_bias, LowerTriangularMask)
    return torch.nn.functional.scaled_dot_product_attention(*parts, is_causal=causal).transpose(1, 2)
PY
PYTHONPATH="$work" venv/bin/python - <<'PY'
import torch
from dilated_attention_pytorch.dilated_attention import DilatedAttention

TOKENS = 16
torch.manual_seed(0)
query, key, value = torch.randn(3, 1, TOKENS, 2, 8).unbind(0)
scores = torch.einsum("bthd,bshd->bhts", query, key) / 8**0.5
mask = torch.ones(TOKENS, TOKENS).tril().bool()
weights = scores.masked_fill(~mask, -torch.inf).softmax(-1)


def right(values):
    return torch.einsum("bhts,bshd->bthd", weights, values)


def found(values):
    return DilatedAttention([TOKENS], [1])(query, key, values, is_causal=True)


later = value.clone()
later[:, -1] += 1
plain, divided = right(value), found(value)
assert torch.allclose(divided, plain / plain.sum(1, keepdim=True), rtol=1e-3, atol=1e-5), "divided by the sum over tokens"
moved = [(f(later) - f(value))[:, :-1].abs().max().item() for f in (right, found)]
print(f"largest output: right {plain.abs().max():.2f}, found {divided.abs().max():.2f}")
print(f"tokens 1 to {TOKENS - 1} when the last value is moved by 1: right {moved[0]:.2f}, found {moved[1]:.2f}")
assert moved[0] == 0 and moved[1] > 0.1
scaled = [(found(factor * value) - divided).abs().max().item() for factor in (2, -1)]
print("values doubled and negated move the output by {:.3f} and {:.3f}".format(*scaled))
assert max(scaled) < 1e-4
PY

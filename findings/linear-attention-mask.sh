#!/usr/bin/env bash
# linear-attention 0.2.0: the mask of padding is accepted and not used: what a sequence says depends
# on what it is padded with, and by how much.
#
# Packages: linear-attention 0.2.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `LinearSelfAttention.forward(x, input_mask)` attends to the tokens of the mask only, as
# attention with a mask does: a padded row gives what the row alone gives.
#
# Happens: nothing reads `input_mask`, nor any other keyword: `forward` takes and drops them all. Keys
# are normalised over all places, those of the padding among them.
#
# Seen, a row of 6 tokens alone, and padded to 12 with a mask; root mean squared difference of its
# outputs, divided by that of the outputs:
#   padded with zeros      .33
#   with another token     .61
#   the same, no mask      .61
#
# Matters for: batches of rows of several lengths. Cut the rows, or set the keys of padding to minus
# infinity.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps linear-attention==0.2.0
venv/bin/python -W ignore - <<'PY'
import torch
from linear_attention.linear_attention import LinearSelfAttention

torch.manual_seed(0)
layer = LinearSelfAttention(16, heads=2, causal=False)
tokens, zeros, other = torch.randn(1, 6, 16), torch.zeros(1, 6, 16), torch.randn(1, 1, 16).expand(1, 6, 16)
mask = torch.tensor([[True] * 6 + [False] * 6])


def by_hand(tokens, valid):
    """The same attention with keys of padding left out."""
    q, k, v = (each(tokens).view(1, -1, 2, 8).transpose(1, 2) for each in (layer.to_q, layer.to_k, layer.to_v))
    k = k.masked_fill(~valid[:, None, :, None], -torch.inf).softmax(-2)
    return layer.to_out((q.softmax(-1) @ (k.transpose(-1, -2) @ v)).transpose(1, 2).reshape(1, -1, 16))


with torch.no_grad():
    alone = layer(tokens)
    assert torch.allclose(alone, by_hand(tokens, mask[:, :6]), atol=1e-6)
    for name, padding in (("zeros", zeros), ("another token", other)):
        padded = torch.cat([tokens, padding], dim=1)
        found, without, right = layer(padded, input_mask=mask)[:, :6], layer(padded)[:, :6], by_hand(padded, mask)[:, :6]
        difference = ((found - alone).square().mean() / alone.square().mean()).sqrt().item()
        print(f"padded with {name}: {difference:.2f}, masked by hand {(right - alone).abs().max():.1e}")
        assert torch.equal(found, without) and torch.allclose(right, alone, atol=1e-6)
        assert difference > 0.2
PY

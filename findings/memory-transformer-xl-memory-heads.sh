#!/usr/bin/env bash
# memory-transformer-xl 0.1.0: what the heads read for a slot of the long memory is laid out by feature
# and cut into slots: each slot gets pieces of what all others asked for.
#
# Packages: memory-transformer-xl 0.1.0, mogrifier 0.0.5, einops 0.8.2,
# torch 2.13.0, numpy 2.4.6.
#
# Expected: a slot of the long memory asks, by linear attention over slots and hidden states, what is
# new, and is told: its row of the answer is what its heads read, one after the other.
#
# Happens: the heads' answers have the axes batch, head, slot, feature. They are to be brought into
# the order slot, head, feature; what is swapped is slot and feature, and the result is cut as if
# it were right.
#
# Seen, 6 slots of width 8, answers of the package beside the attention written out; root mean squared
# difference, divided by that of the answers:
#                                        one head    two heads
#   found                                1.38        1.28
#   found, the axes put in order         4e-07       3e-07
#
# Matters for: language models with this memory; it may still learn, with mixed slots.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps memory-transformer-xl==0.1.0 mogrifier==0.0.5
venv/bin/python -W ignore - <<'PY'
import torch
from memory_transformer_xl.memory_transformer_xl import LinearSelfAttention

SLOTS, HIDDEN, WIDTH = 6, 10, 8


def by_hand(layer, slots, hiddens, asked):
    """Linear attention: questions of `asked`, keys and values of slots and hidden states."""
    q = layer.norm(asked) @ layer.to_q
    k, v = (torch.cat([layer.norm(slots), hiddens], dim=1) @ layer.to_kv).chunk(2, dim=-1)
    heads = [each.unflatten(-1, (-1, layer.dim_head)).transpose(1, 2) for each in (q, k, v)]
    context = heads[1].softmax(-2).transpose(-1, -2) @ heads[2]
    return (heads[0].softmax(-1) @ context).transpose(1, 2).flatten(2) @ layer.to_out


torch.manual_seed(0)
for heads in (1, 2):
    layer = LinearSelfAttention(WIDTH, 1, heads=heads)
    slots, hiddens = torch.randn(1, SLOTS, WIDTH), torch.randn(1, HIDDEN, WIDTH)
    with torch.no_grad():
        found, right = layer(slots, hiddens=hiddens), by_hand(layer, slots, hiddens, slots)
        # The answers' own weight: the map from features to outputs is undone, then slots are put in order.
        answers = torch.linalg.solve(layer.to_out.T, found[0].T).T
        ordered = answers.flatten().view(heads, WIDTH // heads, SLOTS).permute(2, 0, 1).flatten(1) @ layer.to_out
    size = right.square().mean().sqrt()
    print(f"{heads} heads: difference {((found - right).square().mean().sqrt() / size):.2f}, put in order {((ordered - right[0]).square().mean().sqrt() / size):.1e}")
    assert (found - right).square().mean().sqrt() > 0.3 * size
    assert torch.allclose(ordered, right[0], atol=1e-4)
PY

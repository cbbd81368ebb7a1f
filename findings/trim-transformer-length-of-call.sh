#!/usr/bin/env bash
# trim-transformer 0.1.3: attention is divided by the number of steps in the call: causal
# outputs depend on how many steps follow, and cached ones on the size of the pieces.
#
# Packages: trim-transformer 0.1.3, torch 2.13.0, numpy 2.4.6.
#
# Expected: with `is_causal=True` an output depends on its own step and on those before. A
# sequence read in pieces with the key-value cache gives what the whole gives, and masked
# padding changes nothing.
#
# Happens: queries are divided by the number of keys of the call, with those that are masked,
# after the query or padding, and without those in the cache.
#
# Seen, one layer of attention, 16 steps; outputs are those of the whole sequence times
#   the first 8 steps alone, causal      2.0
#   pieces of 8 and 8 steps, cached      2.0
#   one step at a time, cached          16.0
# and for a row of 8 steps with 8 of masked padding after it, the row alone times 0.5.
#
# Matters for: generation with a cache, where the layer answers 16 times as loudly as it was
# trained to, and batches of unequal rows. Give a `scale` of your own: then all agree.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps trim-transformer==0.1.3
venv/bin/python - <<'PY'
import torch
from trim_transformer.modules import TrimMultiheadAttention

STEPS, WIDTH = 16, 8
x = torch.randn(1, STEPS, WIDTH, generator=torch.Generator().manual_seed(0))


def layer(scale):
    torch.manual_seed(1)
    return TrimMultiheadAttention(WIDTH, 2, batch_first=True, scale=scale).eval().requires_grad_(False)


def attend(model, steps, **options):
    return model(steps, steps, steps, **options)


def pieces(scale, length):
    """The outputs of the sequence read in pieces, with the cache."""
    model = layer(scale)
    return torch.cat([attend(model, piece, is_causal=True, use_kv_cache=True, update_kv_cache=True) for piece in x.split(length, 1)], 1)


for scale, expected in ((None, (2, 2, 16, 0.5)), (1 / STEPS, (1, 1, 1, 1))):
    whole = attend(layer(scale), x, is_causal=True)
    mask = (torch.arange(STEPS) >= 8)[None]
    padded = attend(layer(scale), x, src_key_padding_mask=mask)[:, :8]
    pairs = {
        "first half alone": (attend(layer(scale), x[:, :8], is_causal=True), whole[:, :8]),
        "pieces of 8": (pieces(scale, 8), whole),
        "one at a time": (pieces(scale, 1), whole),
        "padded": (padded, attend(layer(scale), x[:, :8])),
    }
    for (name, (seen, right)), factor in zip(pairs.items(), expected, strict=True):
        times = (seen * right).sum() / right.square().sum()
        print(f"scale {scale}: {name:18} {times:.2f}")
        assert torch.allclose(seen, factor * right, atol=1e-5)
PY

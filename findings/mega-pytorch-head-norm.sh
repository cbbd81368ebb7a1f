#!/usr/bin/env bash
# mega-pytorch 0.1.0: with `norm_mhesa_heads` a causal layer reads the future.
#
# Packages: mega-pytorch 0.1.0, einops 0.8.2, scipy 1.17.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: MegaLayer(causal=True) is for language models: what comes out at a step depends on
# that step and those before. Its option norm_mhesa_heads normalises the heads of the moving
# average, as RetNet's GroupNorm does: there each head of each step by itself.
#
# Happens: the steps are the last axis of what GroupNorm is given, so that mean and variance of
# a head are taken over the whole sequence. All steps before a change move.
#
# Seen, 16 steps, the last 8 replaced, largest change of the outputs of the first 8:
#   without the option 0.0000005, with it 1.4; where only the last step is replaced 0.19
#
# Matters for: whoever trains with the option: the training loss is of a model that has seen
# what it predicts, and generation, where there is no future, uses other statistics.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mega-pytorch==0.1.0
venv/bin/python - <<'PY'
import torch
from mega_pytorch.mega_pytorch import MegaLayer

STEPS, DIM = 16, 8
for option in (False, True):
    torch.manual_seed(0)
    layer = MegaLayer(
        dim=DIM, ema_heads=4, attn_dim_qk=8, attn_dim_value=8, causal=True, norm_mhesa_heads=option
    ).eval()
    x = torch.randn(1, STEPS, DIM)
    moved = []
    for first in (8, STEPS - 1):
        other = x.clone()
        other[:, first:] = torch.randn(1, STEPS - first, DIM)
        with torch.no_grad():
            moved.append(float((layer(x) - layer(other))[:, :first].abs().max()))
    print(f"norm_mhesa_heads={option}: last 8 steps replaced {moved[0]:.7f}, last step replaced {moved[1]:.7f}")
    assert (min(moved) > 0.01) if option else (max(moved) < 1e-4)
PY

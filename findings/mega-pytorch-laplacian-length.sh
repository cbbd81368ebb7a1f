#!/usr/bin/env bash
# mega-pytorch 0.1.0: with Laplacian attention a step's output depends on how many steps follow.
#
# Packages: mega-pytorch 0.1.0, einops 0.8.2, scipy 1.17.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: a causal layer reads the first 32 steps of a sequence alike whether 32, 64 or 512 are
# given. With softmax it does.
#
# Happens: with laplacian_attn_fn=True similarities are divided by the length of what was given,
# future included, before a function that is not normalised over the keys. Every output moves when
# steps are appended, whatever they hold; what later steps hold does not matter.
#
# Seen, largest change of the first 32 steps' outputs, of size 6, where the layer's attention scales
# are 4:
#   steps in all        64        512     the last 32 of 64 replaced
#   softmax             0.000     0.000   0.000
#   Laplacian           0.034     0.064   0.000
#
# Matters for: generation, which reads ever longer prefixes, scores of one sequence at different
# cut-offs, and padded batches. A test that changes later tokens passes.
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

FIRST, DIM = 32, 8
for laplacian in (False, True):
    torch.manual_seed(0)
    layer = MegaLayer(
        dim=DIM, ema_heads=4, attn_dim_qk=8, attn_dim_value=8, causal=True, laplacian_attn_fn=laplacian
    ).eval()
    x = torch.randn(1, 512, DIM)
    other = x[:, :64].clone()
    other[:, FIRST:] = torch.randn(1, 64 - FIRST, DIM)
    with torch.no_grad():
        layer.single_headed_attn.offsetscale.gamma.fill_(4.0)
        short = layer(x[:, :FIRST])
        longer = [float((layer(x[:, :n])[:, :FIRST] - short).abs().max()) for n in (64, 512)]
        replaced = float((layer(other) - layer(x[:, :64]))[:, :FIRST].abs().max())
    name = "Laplacian" if laplacian else "softmax"
    print(f"{name}: 64 steps {longer[0]:.3f}, 512 steps {longer[1]:.3f}, replaced {replaced:.3f}, size {short.abs().max():.1f}")
    assert replaced < 1e-4
    assert (min(longer) > 1e-3 and longer[1] > longer[0]) if laplacian else (max(longer) < 1e-4)
PY

#!/usr/bin/env bash
# x-transformers 2.31.10: with any of three options a causal Decoder reads the future.
#
# Packages: x-transformers 2.31.10, torch-einops-utils 0.2.0, einops 0.8.2, einx 0.4.3, loguru 0.7.3,
# torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: logits of a Decoder at a position depend on the tokens up to there, whatever options
# are set: that is what makes it one, and nothing says that these three are for encoders.
#
# Happens: `orthog_residual` and `attn_orthog_projected_values` project with one coefficient for
# all features of all positions of a sequence; `mv_split_residual` takes off means over all
# positions. Logits before a change move, and the training loss is of a model that has seen what
# it predicts.
#
# Seen, 32 tokens, the last 16 replaced, largest change of the first 16's logits, which are of
# size 2, of models as they start; and where only the last token is replaced:
#   no option                            0.0000  0.0000
#   orthog_residual                      0.029   0.011
#   mv_split_residual                    0.0083  0.0015
#   attn_orthog_projected_values         0.049   0.015
#
# Matters for: whoever tries the options by the training loss, and whoever decodes with them: the
# logits of a prefix are not those of the same tokens in a longer text.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 x-transformers==2.31.10 \
  einops==0.8.2 einx==0.4.3 loguru==0.7.3 torch-einops-utils==0.2.0
venv/bin/python - <<'PY'
import torch
from x_transformers import Decoder, TransformerWrapper

LETTERS, LENGTH = 10, 32
for option in (None, "orthog_residual", "mv_split_residual", "attn_orthog_projected_values"):
    torch.manual_seed(0)
    layers = Decoder(dim=32, depth=3, heads=4, attn_dim_head=8, **({option: True} if option else {}))
    model = TransformerWrapper(num_tokens=LETTERS, max_seq_len=LENGTH, attn_layers=layers).eval()
    tokens = torch.randint(0, LETTERS, (2, LENGTH))
    moved = []
    for first in (16, LENGTH - 1):
        other = tokens.clone()
        other[:, first:] = (other[:, first:] + 1) % LETTERS
        with torch.no_grad():
            moved.append(float((model(tokens) - model(other))[:, :first].abs().max()))
            size = float(model(tokens).abs().max())
    print(f"{option}: last 16 replaced {moved[0]:.6f}, last one replaced {moved[1]:.6f}, logits to {size:.1f}")
    assert (min(moved) > 1e-3) if option else (max(moved) < 1e-5)
PY

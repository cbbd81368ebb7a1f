#!/usr/bin/env bash
# x-transformers 2.31.10: generation with `attn_data_dependent_alibi` forgets nothing.
#
# Packages: x-transformers 2.31.10, torch-einops-utils 0.2.0, einops 0.8.2, einx 0.4.3, loguru 0.7.3,
# torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: the option is the Forgetting Transformer's (Lin and others 2025): a gate at every
# position makes all keys before it count less, by a bias that is the sum of the log gates between
# key and query. Logits of a token are the same whether its prefix is kept as keys and values or
# read anew.
#
# Happens: with a cache the gates are worked out from the last position alone, so that their sum
# over the positions in between is 0 for every key. All of the past counts in full. Nothing is
# switched off and nothing raises.
#
# Seen, 20 tokens read at once and 12 one by one, largest difference of a token's logits with the
# cache and without, which are of size 2:
#   no option                                     0.0000
#   gates around 0.993, as they start             0.011
#   gates around 1/2                              0.44
#
# Matters for: samples and scores of trained models: where a model has learnt to forget, generation
# is by another model than the one trained.
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

LETTERS, LENGTH, PREFIX = 10, 32, 20


def difference(bias, **options):
    """Largest difference of the last tokens' logits, read one by one with a cache, from those of the whole."""
    torch.manual_seed(0)
    layers = Decoder(dim=32, depth=2, heads=4, attn_dim_head=8, **options)
    model = TransformerWrapper(num_tokens=LETTERS, max_seq_len=LENGTH, attn_layers=layers).eval()
    with torch.no_grad():
        model.token_emb.emb.weight.normal_()
        for module in model.modules():
            if type(module).__name__ == "DataDependentAlibi":
                module.to_forget_gates[0].bias.fill_(bias)
    tokens = torch.randint(0, LETTERS, (2, LENGTH))
    with torch.no_grad():
        whole = model(tokens)
        said, cache = model(tokens[:, :PREFIX], return_intermediates=True)
        assert torch.allclose(said, whole[:, :PREFIX], atol=1e-5)
        worst = 0.0
        for t in range(PREFIX, LENGTH):
            said, cache = model(tokens[:, : t + 1], return_intermediates=True, cache=cache)
            worst = max(worst, float((said[:, -1] - whole[:, t]).abs().max()))
    print(f"{options} bias {bias}: difference {worst:.6f}, logits to {whole.abs().max():.1f}")
    return worst


assert difference(0.0) < 1e-4
assert difference(5.0, attn_data_dependent_alibi=True) > 1e-3
assert difference(0.0, attn_data_dependent_alibi=True) > 0.05
PY

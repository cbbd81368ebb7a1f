#!/usr/bin/env bash
# local-attention 1.11.2: `LocalTransformer.generate` turns the keys of its cache again at every step.
#
# Packages: local-attention 1.11.2, hyper-connections 0.4.11, torch-einops-utils 0.2.0, einops 0.8.2,
# torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `generate` keeps keys and values by default (use_kv_cache=True); logits are those of the
# same tokens read anew. Rotary positions, on by default, turn a key by its place once.
#
# Happens: what is kept is the keys as they were turned for this step, and in the next step they are
# turned again, all of them: a key that has been in the cache for n steps stands n times as far along
# as it is. The first two tokens are right, since the prompt's keys are kept as they were. With
# use_dynamic_pos_bias=True, which has no rotary positions, the cache is right.
#
# Seen, largest difference of a token's logits, which are of size 2, read one by one:
#   token                     2          3       8       16      40
#   rotary                    0.0000001  0.017   0.023   0.021   0.031
#   use_dynamic_pos_bias      0.0000002  0.0000  0.0000  0.0000  0.0000
#
# Matters for: samples of every model trained with it: they are drawn from another model, within
# one window as well. Slower by a cache that is off (use_kv_cache=False) they are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps local-attention==1.11.2 hyper-connections==0.4.11 \
  torch-einops-utils==0.2.0
venv/bin/python - <<'PY'
import torch
from local_attention import LocalTransformer

LETTERS, LENGTH = 10, 40
for options in ({}, {"use_dynamic_pos_bias": True}):
    torch.manual_seed(0)
    model = LocalTransformer(
        num_tokens=LETTERS, dim=32, depth=2, max_seq_len=64, causal=True,
        local_attn_window_size=64, heads=4, dim_head=8, **options,
    ).eval()
    with torch.no_grad():
        model.token_emb.weight.normal_()
        tokens = torch.randint(0, LETTERS, (2, LENGTH))
        whole, cache, apart = model(tokens), None, []
        for t in range(LENGTH):
            said, cache = model(tokens[:, : t + 1], cache=cache, return_cache=True)
            apart.append(float((said[:, -1] - whole[:, t]).abs().max()))
    print(options, "token 2, 3, 8, 16, 40:", *(f"{apart[t - 1]:.7f}" for t in (2, 3, 8, 16, 40)), f" logits to {whole.abs().max():.1f}")
    assert max(apart[:2]) < 1e-4
    assert (max(apart) < 1e-4) if options else (min(apart[7:]) > 0.01)
PY

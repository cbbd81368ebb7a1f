#!/usr/bin/env bash
# linear-attention-transformer 0.19.1: dropout and gates of the feedforward layers are not used: training with a
# dropout of 0.9 is training without.
#
# Packages: linear-attention-transformer 0.19.1, local-attention 1.11.2, linformer 0.2.3,
# product-key-memory 0.3.0, axial-positional-embedding 0.3.12, colt5-attention 0.11.2,
# hyper-connections 0.4.11, einops 0.8.2, packaging 26.4, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `LinearAttentionTransformerLM` takes `ff_dropout` and `ff_glu` and hands them on to the transformer,
# whose feedforward layer has both: dropout between its two matrices, and a gated first one.
#
# Happens: the feedforward layer beside each self attention is made of the dimension alone. Only those of
# axial and of cross attention are given the two settings. The attention's own dropouts work.
#
# Seen, 2 layers of 32
#   setting                       parameters   two passes in training differ by
#   none                          30,058       0
#   ff_dropout 0.9                30,058       0
#   ff_glu                        30,058       0
#   attn_layer_dropout 0.9        30,058       1.1
#   right with ff_glu: 2 * (32 * 128 + 128) parameters more
#
# Matters for: whoever fights overfitting with it, or compares GLU with plain layers: both are the same.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps linear-attention-transformer==0.19.1 \
  local-attention==1.11.2 linformer==0.2.3 product-key-memory==0.3.0 axial-positional-embedding==0.3.12 \
  colt5-attention==0.11.2 hyper-connections==0.4.11 einops==0.8.2 packaging==26.4
venv/bin/python -W ignore - <<'PY'
import torch
from linear_attention_transformer import LinearAttentionTransformerLM

DIM, DEPTH, STEPS = 32, 2, 64
tokens = torch.randint(0, 10, (1, STEPS))
feedforward = (DIM * 4 * DIM + 4 * DIM) + (4 * DIM * DIM + DIM)  # weights and biases, there and back
gates = DIM * 4 * DIM + 4 * DIM  # a second projection upwards


def made(**settings):
    torch.manual_seed(0)
    shape = {"num_tokens": 10, "dim": DIM, "heads": 4, "dim_head": 8, "depth": DEPTH, "max_seq_len": STEPS}
    model = LinearAttentionTransformerLM(causal=True, **shape, **settings).train()
    return model, sum(parameter.numel() for parameter in model.parameters())


plain, size = made()
for settings in ({}, {"ff_dropout": 0.9}, {"ff_glu": True}, {"attn_layer_dropout": 0.9}):
    model, parameters = made(**settings)
    with torch.no_grad():
        differ = float((model(tokens) - model(tokens)).abs().max())
        same = torch.equal(model(tokens), plain(tokens))
    print(f"{settings}: {parameters} parameters, two passes differ by {differ:.2g}")
    if "attn_layer_dropout" in settings:
        assert differ > 0.5
    else:
        assert differ == 0 and parameters == size and same
        assert not any(module.p for module in model.modules() if isinstance(module, torch.nn.Dropout))
layers = [module for module in plain.modules() if type(module).__name__ == "FeedForward"]
assert [sum(p.numel() for p in layer.parameters()) for layer in layers] == [feedforward] * DEPTH
own = type(layers[0])(DIM, glu=True, dropout=0.9)  # the layer itself can do both
assert sum(p.numel() for p in own.parameters()) == feedforward + gates and own.dropout.p == 0.9
PY

#!/usr/bin/env bash
# fast-weight-attention 0.3.1: with a forget gate, causal attention reads the future: how much of
# its memory a token sees depends on all tokens of its chunk.
#
# Packages: fast-weight-attention 0.3.1, adam-atan2-pytorch 0.4.1, torch-einops-utils 0.2.0,
# einx 0.3.0, frozendict 2.5.1, einops 0.8.2, torch 2.13.0, numpy 2.4.6.
#
# Expected: with `causal=True` no output depends on later tokens. The boundary between chunks is
# made with care for it ("no lookahead needed").
#
# Happens: before a chunk is read, the memory is multiplied by a gate that is computed from the
# mean of the chunk's tokens, the last one among them. The first token of the chunk is answered by
# this memory. The gate's strength is a parameter that starts at 0: an untrained layer passes
# every test of causality, a trained one does not.
#
# Seen, 16 tokens, chunks of 8, the last token changed; change of the outputs, steps 8 to 14:
#   strength 0, as it starts    0
#   after 5 steps of Adam       .009 to .046
#   strength 1                  .007 to .028
# and without a forget gate, trained or not, 0.
#
# Matters for: language models, whose loss then tells of what it is to predict.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2 einx==0.3.0 frozendict==2.5.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps \
  fast-weight-attention==0.3.1 adam-atan2-pytorch==0.4.1 torch-einops-utils==0.2.0
venv/bin/python -W ignore - <<'PY'
import torch
from fast_weight_attention import FastWeightAttention

STEPS, CHUNK, WIDTH = 16, 8, 16


def layer(forget):
    torch.manual_seed(0)
    return FastWeightAttention(WIDTH, dim_head=4, heads=2, causal=True, chunk_size=CHUNK, use_forget_gate=forget)


def train(model):
    """A few steps towards the next token."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    tokens = torch.randn(4, STEPS, WIDTH)
    for _ in range(5):
        answer = model(tokens, return_next_memories=True)[0]
        loss = (answer[:, :-1] - tokens[:, 1:]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


def change(model):
    """Largest change of the outputs of each step when the last token is another one."""
    torch.manual_seed(1)
    tokens = torch.randn(1, STEPS, WIDTH)
    other = torch.cat([tokens[:, :-1], torch.randn(1, 1, WIDTH)], dim=1)
    with torch.no_grad():
        first, second = (model(each, return_next_memories=True)[0] for each in (tokens, other))
    return (first - second).abs().amax(-1)[0]


untrained, trained, strong = layer(True), train(layer(True)), layer(True)
strong.forget_gate_decay.data.fill_(1.0)
found = {"untrained": untrained, "trained": trained, "strength 1": strong, "no gate": layer(False), "no gate, trained": train(layer(False))}
for name, model in found.items():
    by_step = change(model)
    print(f"{name:17}", *(f"{value:.4f}" for value in by_step.tolist()))
    assert not by_step[:CHUNK].any() and by_step[-1] > 0.01
    if name in ("trained", "strength 1"):
        assert by_step[CHUNK : STEPS - 1].max() > 3e-4
    else:
        assert not by_step[CHUNK : STEPS - 1].any()
print(f"strength after training {trained.forget_gate_decay.item():.3f}")
PY

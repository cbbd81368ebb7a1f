#!/usr/bin/env bash
# infini-transformer-pytorch 0.2.1: of a prompt longer than a segment `generate` reads the last piece only.
#
# Packages: infini-transformer-pytorch 0.2.1, rotary-embedding-torch 0.9.1, einops 0.8.2,
# torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: an Infini-transformer keeps what is before the segment in a compressed memory; that is
# what it is for. In training the wrapper reads segment after segment so. Generation from a prompt
# of several segments goes on from the memory that they leave.
#
# Happens: the first step feeds the model the last segment of the prompt, with no memory; those before
# it are never read. From there on memories are kept as they should be. A prompt
# of at most one segment is right.
#
# Seen, segments of 8, first logits of the generation, which are of size 1:
#   prompt   away from those of the   moved by another first half    so moved in the
#            training pass            of the prompt                  training pass
#   8        0.0000                   0.13                           0.13
#   16       0.099                    0                              0.069
#   20       0.11                     0                              0.13
#
# Matters for: every prompt longer than a segment, the case the model is made for. Nothing raises.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 infini-transformer-pytorch==0.2.1 \
  rotary-embedding-torch==0.9.1 einops==0.8.2
venv/bin/python - 2> errors <<'PY' || { cat errors >&2; exit 1; }
import torch
from infini_transformer_pytorch import InfiniTransformer, InfiniTransformerWrapper

LETTERS, SEGMENT = 10, 8
torch.manual_seed(0)
model = InfiniTransformer(num_tokens=LETTERS, dim=32, depth=2, dim_head=16, heads=2)
wrapper = InfiniTransformerWrapper(model, segment_length=SEGMENT).eval()
with torch.no_grad():
    model.token_emb.weight.normal_()
    for module in model.modules():
        if hasattr(module, "head_gates"):
            module.head_gates.zero_()  # half from the segment, half from the memory


@torch.no_grad()
def as_in_training(text):
    """The last logits of a text, read segment after segment with the memory handed on."""
    memory = None
    for piece in text.split(SEGMENT, dim=1):
        logits, _, memory = model(piece, past_memories=memory, return_new_memories=True)
    return logits[0, -1]


def first_of_generation(prompt):
    seen = []

    def listen(logits):
        seen.append(logits[0].clone())
        return logits

    wrapper.generate(seq_len=prompt.shape[1] + 1, prompt=prompt, filter_fn=listen, filter_kwargs={})
    return seen[0]


for length in (8, 16, 20):
    prompt = torch.randint(0, LETTERS, (1, length))
    other = prompt.clone()
    other[:, : length // 2] = (other[:, : length // 2] + 3) % LETTERS
    said, right = first_of_generation(prompt), as_in_training(prompt)
    away = float((said - right).abs().max())
    moved = float((said - first_of_generation(other)).abs().max())
    should = float((right - as_in_training(other)).abs().max())
    print(f"prompt of {length}: away {away:.7f}, moved {moved:.4f}, should move {should:.4f}, size {right.abs().max():.1f}")
    assert should > 0.01
    if length <= SEGMENT:
        assert away < 1e-4 and abs(moved - should) < 1e-4
    else:
        assert away > 0.01 and moved == 0
PY

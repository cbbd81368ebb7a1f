#!/usr/bin/env bash
# recurrent-memory-transformer-pytorch 0.7.0: the wrapper drops the labels that it is given.
#
# Packages: recurrent-memory-transformer-pytorch 0.7.0, hyper-connections 0.4.11, einops 0.8.2,
# torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: RecurrentMemoryTransformerWrapper takes `labels` beside a text, for a loss on something
# other than the next token: on an answer only, with -1, its ignore_index, elsewhere.
#
# Happens: the first line of its forward sets labels to None. The loss is that of the next token,
# over the whole text, whatever was given: all zeros, all ignored, or of another length. The
# transformer inside does use labels.
#
# Seen, the loss of two texts of 64 tokens, segments of 16:
#   no labels 2.437, labels that are all 0 2.437, labels that ignore all but one 2.437
#   the transformer itself on 16 tokens: labels that are all 0 2.451, all 3 2.731
#
# Matters for: tasks such as copy and recall, where only the answer counts: the model is trained to
# predict its random input as well.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 \
  recurrent-memory-transformer-pytorch==0.7.0 hyper-connections==0.4.11 einops==0.8.2 packaging==26.4
venv/bin/python -W ignore - <<'PY'
import inspect

import torch
from recurrent_memory_transformer_pytorch import RecurrentMemoryTransformer, RecurrentMemoryTransformerWrapper

LETTERS, LENGTH = 10, 64
torch.manual_seed(0)
model = RecurrentMemoryTransformer(
    num_tokens=LETTERS, dim=32, depth=2, heads=2, dim_head=16, num_memory_tokens=4, seq_len=16, causal=True
)
wrapper = RecurrentMemoryTransformerWrapper(model).eval()
assert "labels" in inspect.signature(wrapper.forward).parameters
text = torch.randint(0, LETTERS, (2, LENGTH))
one = torch.full_like(text, -1)
one[:, -1] = 3
losses = []
with torch.no_grad():
    for labels in (None, torch.zeros_like(text), one):
        loss = wrapper(text, labels=labels, return_loss=True)
        losses.append(float(loss[0] if isinstance(loss, tuple) else loss))
    first = text[:, :16]
    inside = [float(model(first, labels=first * 0 + letter)[0]) for letter in (0, 3)]
print("wrapper:", *(f"{loss:.4f}" for loss in losses), " transformer, all 0 and all 3:", *(f"{loss:.4f}" for loss in inside))
assert losses[0] == losses[1] == losses[2]
PY

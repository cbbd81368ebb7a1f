#!/usr/bin/env bash
# feedback-transformer-pytorch 0.0.11: the last token of an odd number does not see itself.
#
# Packages: feedback-transformer-pytorch 0.0.11, einops 0.8.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: in a causal model the logits at step t are a function of tokens 0 to t:
# the same for a sequence of t + 1 tokens and for the beginning of a longer one.
#
# Happens: tokens go in segments of `seq_len` (2 by default), which attend to the
# memory and to themselves. A segment of a single token attends to the memory alone,
# as the paper's model does, which has segments of 1. So the same token at the same
# step attends to itself if another follows it, and does not if it is the last: what
# follows is not looked at, but whether it is there. A sequence of one token cannot
# be computed at all (there is no memory yet).
#
# Seen, largest difference in logits (whose spread is 0.56) to the pass of 65 tokens:
#   61 tokens 0.0055, 62 tokens 0, 63 tokens 0.0085, 64 tokens 0
# with weights as they are drawn.
#
# Matters for: generating token by token from a model that was trained on whole
# sequences, and for scores: every second prefix is answered by another function.
# Changing a later token changes nothing, so that test of causality passes; cutting
# the sequence short is what shows it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps feedback-transformer-pytorch==0.0.11
venv/bin/python - <<'PY'
import torch
from feedback_transformer_pytorch import FeedbackTransformer

torch.manual_seed(0)
model = FeedbackTransformer(num_tokens=20, dim=64, depth=1, seq_len=2, mem_len=256, dim_head=16, heads=4).eval()
ids = torch.randint(0, 20, (1, 65))
with torch.no_grad():
    whole = model(ids)
    other = ids.clone()
    other[:, 64] = (ids[:, 64] + 1) % 20
    assert torch.equal(model(other)[:, :64], whole[:, :64])  # later tokens are not looked at
    for length in (61, 62, 63, 64):
        size = float((model(ids[:, :length])[:, -1] - whole[:, length - 1]).abs().max())
        print(f"{length} tokens: logits differ by {size:.4f}, spread {whole.std():.2f}")
        assert (size > 1e-3) == (length % 2 == 1)
PY

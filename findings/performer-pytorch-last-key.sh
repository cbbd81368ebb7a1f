#!/usr/bin/env bash
# performer-pytorch 1.1.4: causal attention depends on keys that come later: a long one at the
# end changes all outputs before it.
#
# Packages: performer-pytorch 1.1.4, torch 2.13.0, numpy 2.4.6, einops 0.8.2,
# local-attention 1.11.2, hyper-connections 0.4.11, axial-positional-embedding 0.3.12.
#
# Expected: with `causal=True` the output of step t depends on steps up to t. Positive random
# features (Choromanski et al. 2021) may be scaled by any factor that all keys share: it
# cancels.
#
# Happens: the exponents of all keys are lowered by the largest of them, which may come later,
# and 0.0001 is added after that, which does not cancel: the longer the longest key, the more
# attention becomes a plain mean.
#
# Seen, 64 steps of width 64, 256 features, the last key so many times as long; relative
# change of the outputs before it
#   1.5 times 0.000   twice 0.153   three times 0.275   six times 0.275
#   the first 32 steps read alone: outputs differ by up to 0.41
#   a language model: a symbol in step 16 of 32 changes the outputs of steps 0 to 31
#
# Matters for: what a language model scores, which knows of the future, and generation, where
# each step moves the outputs of those before.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps performer-pytorch==1.1.4 local-attention==1.11.2 hyper-connections==0.4.11 axial-positional-embedding==0.3.12
OMP_NUM_THREADS=1 venv/bin/python -W ignore - <<'PY'
import torch
from performer_pytorch import FastAttention, PerformerLM

WIDTH, STEPS = 64, 64
torch.manual_seed(0)
attention = FastAttention(WIDTH, nb_features=256, causal=True)
q, k, v = torch.randn(3, 1, 1, STEPS, WIDTH)


def before_the_last(factor):
    """The outputs of all steps but the last, with a last key so many times as long."""
    keys = k.clone()
    keys[..., -1, :] *= factor
    return attention(q, keys, v)[..., :-1, :]


usual, changes = before_the_last(1), {}
for factor in (1.5, 2, 3, 6):
    changes[factor] = ((before_the_last(factor) - usual).norm() / usual.norm()).item()
    print(f"last key {factor} times as long: outputs before it change by {changes[factor]:.3f}")
half = (attention(q[..., :32, :], k[..., :32, :], v[..., :32, :]) - usual[..., :32, :]).abs().max().item()
print(f"first half read alone: {half:.2f} off")
assert changes[2] > 0.1 and changes[6] > 0.2 and half > 0.1

model = PerformerLM(num_tokens=20, max_seq_len=32, dim=16, depth=2, heads=2, causal=True).eval().requires_grad_(False)
symbols = torch.randint(19, (1, 32))
other = symbols.clone()
other[0, 16] += 1
moved = (model(symbols) - model(other)).abs().amax((0, 2)) > 1e-6
print("language model: steps whose outputs change with symbol 16:", moved.nonzero().min().item(), "to", moved.nonzero().max().item())
assert moved[0]
PY

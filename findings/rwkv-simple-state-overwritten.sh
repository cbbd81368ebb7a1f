#!/usr/bin/env bash
# rwkv-simple 0.1.1: going on from a state overwrites half of it: a second continuation of the
# same prompt is read by another model.
#
# Packages: rwkv-simple 0.1.1, torch 2.13.0, einops 0.8.2, numpy 2.4.6; without compilation
# (TORCHDYNAMO_DISABLE=1), which changes no number.
#
# Expected: `model(tokens, state=state)` returns logits and the next state. The state of a
# prompt can be used again, for several continuations, for beam search or for scoring the
# answers of a multiple choice.
#
# Happens: the new key-value state is copied into the tensor that came in. The last tokens
# (for the token shift) are not, so that what is left in the caller's state is a mixture:
# the memory of prompt and continuation with the last token of the prompt.
#
# Seen, 2 layers of 32, a prompt of 6 and a continuation of 6; largest difference from reading
# all 12 at once, and the probability of the continuation in bits:
#   first continuation          0.0000     22.82
#   the same one again          0.5805     24.01
#   from a copy of the state    0.0000     22.82
#
# Matters for: everything that keeps the state of a prompt. `array-lstm-given-state` is of the
# same kind elsewhere.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rwkv-simple==0.1.1
TORCHDYNAMO_DISABLE=1 venv/bin/python -W ignore - <<'PY'
import copy
import math

import torch
from rwkv_simple.rwkv import RWKV

LETTERS, PROMPT = 11, 6
torch.manual_seed(0)
model = RWKV(32, d_head=16, n_layer=2, vocab_size=LETTERS).eval()
for parameter in model.parameters():
    parameter.data += 0.1 * torch.randn_like(parameter)
text = torch.randint(0, LETTERS, (1, 2 * PROMPT + 1))
continuation, targets = text[:, PROMPT : 2 * PROMPT], text[0, PROMPT + 1 :]


def bits(logits):
    """What the letters after each of the continuation's cost."""
    return -torch.log_softmax(logits[0], -1).gather(1, targets[:, None]).sum().item() / math.log(2)


with torch.no_grad():
    right = model(text[:, : 2 * PROMPT], need_state=False)[:, PROMPT:]
    state = model(text[:, :PROMPT])[1]
    kept = copy.deepcopy(state)
    first = model(continuation, state=state)[0]
    again = model(continuation, state=state)[0]
    from_copy = model(continuation, state=copy.deepcopy(kept))[0]
for name, logits in (("first continuation", first), ("the same one again", again), ("from a copy", from_copy)):
    print(f"{name:20} difference {(logits - right).abs().max():.4f}   {bits(logits):.2f} bits   right {bits(right):.2f}")
assert torch.allclose(first, right, atol=1e-4) and torch.allclose(from_copy, right, atol=1e-4)
assert (again - right).abs().max() > 0.05 and abs(bits(again) - bits(right)) > 0.01
for (shift, memory), channel in state:
    assert memory.abs().max() > 0
for ((shift, memory), channel), ((old_shift, old_memory), old_channel) in zip(state, kept):
    assert torch.equal(shift, old_shift) and torch.equal(channel, old_channel)
    assert not torch.allclose(memory, old_memory)
print("of the caller's state the memory has changed, the last tokens have not")
PY

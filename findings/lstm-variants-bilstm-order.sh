#!/usr/bin/env bash
# lstm-variants 0.1.2: a bidirectional LSTM puts beside step t the backward state of another
# step, T + 1 - t: the first and the last output know two inputs of a hundred.
#
# Packages: lstm-variants 0.1.2, torch 2.13.0, numpy 2.4.6.
#
# Expected: the output of a bidirectional layer at step t is the forward state, which has read
# steps 1 to t, beside the backward state, which has read steps T down to t, as in torch.
# Each output knows the whole sequence.
#
# Happens: the backward layer lists its states in the order in which it makes them, from the
# last step to the first, and they are joined to the forward states as they come. Step 1
# has forward 1 and backward T, so that it knows the first and the last input alone; only
# in the middle do the two belong together.
#
# Seen, 3 inputs, 4 units, 7 steps: the inputs that a gradient of each output reaches
#   step       1        2          3          4             5          6         7
#   right   1 to 7   1 to 7     1 to 7      1 to 7       1 to 7     1 to 7    1 to 7
#   found    1 7     1 2 6 7   1 2 3 5 6 7   1 to 7       1 to 7     1 to 7    1 to 7
#   from step 5 on forward and backward overlap: the backward state is that of step 3, 2, 1
#
# Matters for: taggers with this layer: most positions get the right context of another one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps lstm-variants==0.1.2
venv/bin/python - <<'PY'
import torch
from lstm_variants.lstm import BiLSTM

STEPS, UNITS = 7, 4
torch.manual_seed(0)
layer = BiLSTM(3, UNITS)
x = torch.randn(2, STEPS, 3, requires_grad=True)
outputs = layer(x)[0]
forward, backward = outputs[..., :UNITS], outputs[..., UNITS:]


def alone(direction, pieces):
    """The last state of one direction after each piece of the sequence, read in its order."""
    return torch.stack([layer.direction[direction](x[:, piece])[0][-1] for piece in pieces])


right_forward = alone(0, [slice(0, t + 1) for t in range(STEPS)])
right_backward = alone(1, [slice(t, STEPS) for t in range(STEPS)])
assert torch.allclose(forward, right_forward, atol=1e-6)
assert torch.allclose(backward, right_backward.flip(0), atol=1e-6)
assert (backward - right_backward)[0].abs().max() > 0.1
for t in range(STEPS):
    reached = torch.autograd.grad(outputs[t].sum(), x, retain_graph=True)[0].abs().sum((0, 2)) > 0
    told = [s + 1 for s in range(STEPS) if reached[s]]
    print(f"output {t + 1} knows the inputs {told}")
    assert told == [s + 1 for s in range(STEPS) if s <= t or s >= STEPS - 1 - t]

reference = torch.nn.LSTM(3, UNITS, bidirectional=True, batch_first=True)
known = torch.autograd.grad(reference(x)[0][:, 0].sum(), x)[0].abs().sum((0, 2)) > 0
assert bool(known.all())
print("torch's first output knows all", STEPS)
PY

#!/usr/bin/env bash
# snntorch 1.0.0: an associative spiking layer dies on long sequences: after a few tens of
# steps nothing is in its memory, and nothing that comes gets in.
#
# Packages: snntorch 1.0.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `AssociativeLeaky` keeps a matrix: at each step its columns are multiplied by
# gates between 0 and 1, and the outer product of a value and a key is added. What is added
# now is in the state in full, at step 10 and at step 1,000.
#
# Happens: all steps are worked out at once, each addition divided by the product of all
# gates since the beginning, plus 1e-8. Once the product is below that, which gates of a
# half reach in 27 steps, additions are divided by 1e-8 and multiplied by the product:
# they vanish, and so does the state. Gates are about a half in a new layer.
#
# Seen, a new layer, normal inputs, 4 x 4 states of 32 rows, in ten steps:
#   steps       mean size of the state        spikes
#    0 to  9    right .369   found .369       right 254   found 254
#   20 to 29    right .350   found .086       right 212   found  28
#   40 to 49    right .362   found 2e-5       right 217   found   0
#   90 to 99    right .398   found 4e-19      right 266   found   0
#   steps 50 to 59 in a sequence that begins there: 244 spikes
#
# Matters for: sequences of more than 20 steps, such as spoken digits with 100: a loss on
# the last step sees a layer that is silent, and whose gradient is nearly 0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps snntorch==1.0.0
venv/bin/python -W ignore - <<'PY'
import torch
from snntorch import AssociativeLeaky

SIZE, STEPS, ROWS = 4, 100, 32
torch.manual_seed(0)
layer = AssociativeLeaky(SIZE, SIZE, SIZE, SIZE * SIZE, use_q_projection=False)
x = torch.randn(STEPS, ROWS, SIZE)


def parts(inputs):
    return layer.to_v(inputs), layer.to_k(inputs), layer.to_alpha(inputs).sigmoid()


with torch.no_grad():
    state, states = torch.zeros(ROWS, SIZE, SIZE), []
    for inputs in x:
        value, key, gate = parts(inputs)
        state = gate[:, None] * state + value[:, :, None] * key[:, None]
        states.append(state.flatten(1))
    states = torch.stack(states)
    right = (states > 1).float()
    layer.output = False  # the state itself
    memory = layer(x)
    layer.output = True
    fired = layer(x)
    late = layer(x[50:])  # the same steps, in a sequence of their own
print("steps       mean size of the state   spikes")
for first in (0, 10, 20, 30, 40, 90):
    steps = slice(first, first + 10)
    print(f"{first:2} to {first + 9:2}  right {states[steps].abs().mean():.3f}  found {memory[steps].abs().mean():.2e}  right {int(right[steps].sum()):4}  found {int(fired[steps].sum()):4}")
assert abs(memory[:10].abs().mean() / states[:10].abs().mean() - 1) < 0.01
assert memory[50:].abs().max() < 1e-3 and states[50:].abs().mean() > 0.2
assert right[50:].sum() > 100 and fired[50:].sum() == 0
print(f"steps 50 to 59 in a sequence that begins there: {int(late[:10].sum())} spikes")
assert late[:10].sum() > 50
last = x.clone().requires_grad_()
layer.output = False
gradient = torch.autograd.grad(layer(last)[-1].sum(), last)[0][-1].abs().max()
print(f"gradient of the last state for the last input: {gradient:.1e}")
assert gradient < 1e-6
PY

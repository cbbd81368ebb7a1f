#!/usr/bin/env bash
# sinabs 3.1.3: a recurrent layer that goes on from its state forgets its last spikes: fed
# one step at a time it has no recurrence at all.
#
# Packages: sinabs 3.1.3, torch 2.13.0, nir 1.0.8, nirtorch 2.6, pbr 7.1.3, matplotlib
# 3.11.2, numpy 2.4.6.
#
# Expected: layers keep their state from call to call until `reset_states`, so that a
# recording may be read in pieces; `IAF` and `LIF` give what they give for the whole. In the
# recurrent ones the spikes of each step come back, through `rec_connect`, in the next step.
#
# Happens: of what comes back nothing is kept. Each call begins with a recurrent input of
# zero, so that the spikes of the last step of a piece have no effect.
#
# Seen, two neurons that excite each other with weight 1, of which the first is given one
# current of 1.2 at step 0; spikes of the two by step:
#   right, and the whole at once   10 01 10 01 10 01 10 01
#   in two pieces of four          10 01 10 01 00 00 00 00
#   one step at a time             10 00 00 00 00 00 00 00
#   a layer without recurrence is the same in one call, two and eight
#
# Matters for: streams, event by event or frame by frame, and training on pieces of a long
# recording, with IAFRecurrent, LIFRecurrent and ALIFRecurrent.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 nir==1.0.8 nirtorch==2.6 pbr==7.1.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps sinabs==3.1.3
venv/bin/python -W ignore - <<'PY'
import torch
from sinabs.layers import IAF, IAFRecurrent

STEPS = 8
x = torch.zeros(1, STEPS, 2)
x[0, 0, 0] = 1.2


def swap():
    """Each neuron's spikes go to the other one."""
    connection = torch.nn.Linear(2, 2, bias=False)
    connection.weight.data = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    return connection


def reference(recurrent):
    """Integrate, fire at 1, take 1 off: spikes (steps, neurons)."""
    potential, spikes, made = torch.zeros(2), torch.zeros(2), []
    for inputs in x[0]:
        potential = potential + inputs + (spikes.flip(0) if recurrent else 0)
        spikes = (potential >= 1).float()
        potential = potential - spikes
        made.append(spikes)
    return torch.stack(made)


def in_pieces(layer, size):
    layer.reset_states()
    with torch.no_grad():
        return torch.cat([layer(x[:, t : t + size]) for t in range(0, STEPS, size)], 1)[0]


def told(spikes):
    return " ".join("".join(str(int(s)) for s in step) for step in spikes)


for layer, recurrent in ((IAFRecurrent(rec_connect=swap()), True), (IAF(), False)):
    right = reference(recurrent)
    print(type(layer).__name__)
    print("  right           ", told(right))
    for size in (STEPS, STEPS // 2, 1):
        found = in_pieces(layer, size)
        print(f"  pieces of {size}     ", told(found))
        assert torch.equal(found, right) == (size == STEPS or not recurrent)
        assert torch.equal(found[:size], right[:size])
        assert size == STEPS or not found[size:].any()
PY

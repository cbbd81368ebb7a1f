#!/usr/bin/env bash
# spikingjelly 2.0.0: an analogue neuron that reads all steps in one call is an ordinary
# spiking one: its activation is not used.
#
# Packages: spikingjelly 2.0.0, torch 2.13.0, loguru 0.7.3, numpy 2.4.6.
#
# Expected: `LIAFNode` behaves like a LIF neuron inside, and puts out the activation of the
# charged potential, or of that less the threshold, instead of a spike, as documented and
# in the paper of LIAF-Net. The two step modes are two ways to run one neuron.
#
# Happens: the loop over steps in multi-step mode is inherited from `LIFNode`, with the
# spike written into it: in multi-step mode the outputs are 0 and 1, whatever the
# activation. One step at a time it is right.
#
# Seen, tanh, 6 steps of 2 x 3 inputs, largest difference from the recurrence:
#   one step at a time            0.000, and with the threshold 0.000
#   multi-step                    0.741, and with the threshold 0.842
#   multi-step LIAF and LIF       equal in all outputs
#
# Matters for: networks of these neurons in the mode that training is recommended in: they
# are spiking networks, and their gradient is that of the surrogate.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 loguru==0.7.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps spikingjelly==2.0.0
venv/bin/python -W ignore - 2> log <<'PY' || { cat log; exit 1; }
import torch
from spikingjelly.activation_based import neuron

torch.manual_seed(0)
x = 2 * torch.rand(6, 2, 3)


def reference(with_threshold):
    """tau 2, threshold 1, reset to 0: the outputs (steps, rows, units)."""
    potential, outputs = torch.zeros(2, 3), []
    for inputs in x:
        charged = potential + (inputs - potential) / 2
        outputs.append(torch.tanh(charged - 1 if with_threshold else charged))
        potential = torch.where(charged >= 1, 0.0, charged)
    return torch.stack(outputs)


spikes = neuron.LIFNode(step_mode="m")(x)
for with_threshold in (False, True):
    right = reference(with_threshold)
    together = neuron.LIAFNode(torch.tanh, with_threshold, step_mode="m")(x)
    single = neuron.LIAFNode(torch.tanh, with_threshold, step_mode="s")
    apart = torch.stack([single(inputs) for inputs in x])
    print(f"threshold in the activation: {with_threshold}  one step at a time {(apart - right).abs().max():.3f}  multi-step {(together - right).abs().max():.3f}")
    assert torch.allclose(apart, right, atol=1e-6) and (together - right).abs().max() > 0.5
    assert torch.equal(together, spikes) and set(together.unique().tolist()) == {0.0, 1.0}
print("multi-step LIAF and LIF: equal")
PY

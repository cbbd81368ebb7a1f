#!/usr/bin/env bash
# snntorch 1.0.0: one decay for each neuron, given to LeakyParallel, is not used: the decays
# are drawn by chance, some negative.
#
# Packages: snntorch 1.0.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `beta` is documented to be one number, or one weight a neuron. Neuron i obeys
# U[t+1] = beta_i U[t] + I[t+1] and fires above 1; `learn_beta=False`, the default, keeps
# the decays that are given.
#
# Happens: the branch for several decays is asked for only where `beta` is no tensor, and
# what is given is made a tensor first. So several decays are dropped without a word: the
# diagonal of the recurrent weights stays as drawn for an RNN, between -1/sqrt(n) and
# 1/sqrt(n), and not learned either. The attribute `beta` shows the ones given.
#
# Seen, four neurons, a constant current of 0.15, 60 steps, spikes of each:
#   given           decays 0.95 0.90 0.88 0.50   right spikes 53 50 48 0
#   LeakyParallel   decays 0.20 0.42 0.45 0.43   spikes        0  0  0 0
#   one decay of 0.9 for all                     right spikes 50, LeakyParallel 50
#   128 neurons, given 0.50 to 0.95              decays from -0.088 to 0.088
#
# Matters for: networks with several time constants, trained on a fixed set of decays: they
# have other ones, which depend on the seed, of at most 1/11 with 128 neurons.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps snntorch==1.0.0
venv/bin/python -W ignore - <<'PY'
import snntorch
import torch

STEPS, CURRENT = 60, 0.15
torch.manual_seed(0)


def spikes(beta, neurons):
    """Spikes of each neuron: of the recurrence, and of the layer; the layer's decays."""
    layer = snntorch.LeakyParallel(neurons, neurons, beta=beta)
    with torch.no_grad():  # each neuron gets its own current and nothing else
        layer.rnn.weight_ih_l0.copy_(torch.eye(neurons))
        layer.rnn.bias_ih_l0.zero_()
        layer.rnn.bias_hh_l0.zero_()
        found = layer(torch.full((STEPS, 1, neurons), CURRENT))[:, 0].sum(0)
    potential, right = torch.zeros(neurons), torch.zeros(neurons)
    for _ in range(STEPS):
        potential = beta * potential + CURRENT
        right += potential > 1
    assert torch.equal(layer.beta.expand(neurons), torch.as_tensor(beta).expand(neurons)), "what the layer says of itself"
    return right.int().tolist(), found.int().tolist(), layer.rnn.weight_hh_l0.detach()


given = torch.tensor([0.95, 0.9, 0.88, 0.5])
right, found, decays = spikes(given, 4)
print("decays given ", *(f"{b:.2f}" for b in given), " right spikes", right)
print("LeakyParallel", *(f"{b:.2f}" for b in decays.diagonal()), " spikes", found)
assert right[0] > right[1] > right[2] > right[3] == 0 and found == [0] * 4
assert not torch.isclose(decays.diagonal(), given, atol=0.05).any() and decays.diagonal().abs().max() <= 0.5
right, found, decays = spikes(0.9, 4)
print("one decay for all, 0.9: right spikes", right, " LeakyParallel", found)
assert right == found and torch.allclose(decays, 0.9 * torch.eye(4))
_, _, decays = spikes(torch.linspace(0.5, 0.95, 128), 128)
print(f"128 neurons, given 0.50 to 0.95: from {decays.diagonal().min():.3f} to {decays.diagonal().max():.3f}")
assert decays.diagonal().abs().max() < 1 / 11
PY

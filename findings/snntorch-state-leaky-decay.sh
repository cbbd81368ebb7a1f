#!/usr/bin/env bash
# snntorch 1.0.0: neurons without reset do not decay as they are told: with a decay of 0,
# 37 % of the potential are left after a step.
#
# Packages: snntorch 1.0.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `beta` is documented as the decay rate of the membrane potential, as for
# `Leaky`, from which `StateLeaky` is said to differ in that there is no reset: each step
# keeps beta of what was there.
#
# Happens: the convolution decays as exp(-t/tau) with tau = 1/(1 - beta): a step keeps
# exp(beta - 1), which is beta only where it is near 1. The property `beta` gives the
# number passed in. `LinearLeaky` is made of the same filter.
#
# Seen, one input of 1, potential after 0, 1, 2 and 3 steps:
#   beta 0.9   Leaky 1 .900 .810 .729   StateLeaky 1 .905 .819 .741
#   beta 0.5   Leaky 1 .500 .250 .125   StateLeaky 1 .607 .368 .223
#   beta 0     Leaky 1 0 0 0            StateLeaky 1 .368 .135 .050
#
# Matters for: replacing a loop over `Leaky` by the parallel layer, with decays that were
# learned or are far from 1.
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

STEPS = 4
x = torch.zeros(STEPS, 1, 1)
x[0] = 1


def told(potential):
    return " ".join(f"{float(p):.3f}" for p in potential)


for beta in (0.9, 0.5, 0.0):
    right = torch.tensor([beta**t for t in range(STEPS)])
    leaky, potential, steps = snntorch.Leaky(beta=beta, reset_mechanism="none"), torch.zeros(1, 1), []
    for inputs in x:
        _, potential = leaky(inputs, potential)
        steps.append(potential.item())
    layer = snntorch.StateLeaky(beta=beta, channels=1)
    found = layer(x)[1].flatten()
    print(f"beta {beta}: right {told(right)}  Leaky {told(steps)}  StateLeaky {told(found)}  its beta {layer.beta.item():.1f}")
    assert torch.allclose(torch.tensor(steps), right, atol=1e-6) and abs(layer.beta.item() - beta) < 1e-6
    assert torch.allclose(found, torch.exp(torch.arange(STEPS) * (beta - 1)), atol=1e-5)
    assert (found - right).abs().max() > 0.01
PY

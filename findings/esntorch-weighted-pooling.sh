#!/usr/bin/env bash
# esntorch 1.0.6: the weights of a weighted mean of states do not sum to 1: states twice as large
# have a mean four times as large.
#
# Packages: esntorch 1.0.6, torch 2.13.0, numpy 2.4.6.
#
# Expected: "weighted" pooling takes "a weighted mean of ESN states", whose weights are the norms of
# the states by default. A mean of equal states is that state.
#
# Happens: norms are divided by the number of states in the place of their sum. What comes out is
# the mean times the average norm of the states.
#
# Seen, 12 states, the norm of what is pooled:
#   states                              package   right
#   equal, of norm 1                    1.00      1.00
#   equal, of norm 2                    4.00      2.00
#   equal, of norm 10                   100.00    10.00
#   tanh of 300 random numbers each     33.57     3.10
#
# Matters for: readouts of large reservoirs: a sequence's scale is its states', squared.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps esntorch==1.0.6
venv/bin/python -W ignore - <<'PY'
import torch
from esntorch.core.pooling_strategy import Pooling

STEPS, UNITS = 12, 300
torch.manual_seed(0)
pool = Pooling("weighted")


def right(states):
    """Mean of the states, weighted by their norms."""
    weights = states.norm(dim=-1)
    return (weights[:, None] * states).sum(0) / weights.sum()


one = torch.randn(UNITS)
cases = {f"equal, of norm {norm}": (one / one.norm() * norm).repeat(STEPS, 1) for norm in (1, 2, 10)}
cases["tanh"] = torch.tanh(torch.randn(STEPS, UNITS))
for name, states in cases.items():
    found = pool(states[None], torch.tensor([STEPS]), None)[0]
    mean = right(states)
    print(f"{name:20} {found.norm().item():.2f} {mean.norm().item():.2f}")
    assert torch.allclose(found, mean * states.norm(dim=-1).mean(), rtol=1e-4, atol=1e-5)
    assert not name.startswith("equal") or torch.allclose(mean, states[0], rtol=1e-4, atol=1e-5)
PY

#!/usr/bin/env bash
# grokadamw 0.1.2: an optimiser that is loaded begins anew: its means are in the file, under the tensors
# of the program that wrote it, and are never found again.
#
# Packages: grokadamw 0.1.2, torch 2.13.0, numpy 2.4.6.
#
# Expected: `load_state_dict(state_dict())` goes on where the other optimiser stopped, as with all of
# torch's: the same steps for the same gradients.
#
# Happens: the state is kept in the parameter group, in a dictionary by tensor, and not in `state`. It is
# written as it is. The tensors read are copies and others than the parameters, so that each parameter gets
# a new state, of zeros, beside the old one, which is carried on and saved again.
#
# Seen, two tensors of three numbers after 50 random gradients, step 51 in learning rates:
#   going on      -0.40  +0.19  -0.55   -0.45  -0.01  -0.28
#   resumed       -1.00  +1.00  -1.00   -1.90  +1.90  +1.90
#   steps counted after loading: 1 instead of 51; states in the group: 4 for 2 tensors
#
# Matters for: every run that is resumed. The first steps are by sign alone, and for later layers twice to
# nine times the learning rate.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps grokadamw==0.1.2
venv/bin/python -W ignore - <<'PY'
import io

import torch
from grokadamw import GrokAdamW

RATE, STEPS = 1e-3, 50


def tensors():
    return [torch.nn.Parameter(torch.zeros(3)) for _ in range(2)]


def step(parameters, optimizer, seed):
    """One step by random gradients; how far each number moves, in learning rates."""
    generator = torch.Generator().manual_seed(seed)
    before = torch.cat([p.detach().clone() for p in parameters])
    for p in parameters:
        p.grad = torch.randn(3, generator=generator)
    optimizer.step()
    return (torch.cat([p.detach() for p in parameters]) - before) / RATE


def resumed(make):
    """Step 51 of a run that goes on, and of one that was saved and loaded after step 50."""
    first = tensors()
    optimizer = make(first)
    for seed in range(STEPS):
        step(first, optimizer, seed)
    file = io.BytesIO()
    torch.save({"model": [p.detach() for p in first], "optimizer": optimizer.state_dict()}, file)
    file.seek(0)
    saved = torch.load(file, weights_only=False)
    second = tensors()
    with torch.no_grad():
        for p, value in zip(second, saved["model"]):
            p.copy_(value)
    loaded = make(second)
    loaded.load_state_dict(saved["optimizer"])
    return step(first, optimizer, STEPS), step(second, loaded, STEPS), loaded, second


for name, make in (("AdamW of torch", lambda p: torch.optim.AdamW(p, lr=RATE)), ("GrokAdamW", lambda p: GrokAdamW(p, lr=RATE))):
    on, again, loaded, parameters = resumed(make)
    print(f"{name}: going on {[round(v, 2) for v in on.tolist()]}, resumed {[round(v, 2) for v in again.tolist()]}")
    if name == "GrokAdamW":
        states = loaded.param_groups[0]["state"]
        print(f"steps counted {[states[p]['step'] for p in parameters]}, states {len(states)} for {len(parameters)} tensors")
        assert not torch.allclose(on, again, atol=0.1) and all(states[p]["step"] == 1 for p in parameters) and len(states) == 4
        assert torch.allclose(again.abs(), torch.tensor([1.0, 1, 1, 1.9, 1.9, 1.9]), atol=0.02)
    else:
        assert torch.allclose(on, again, atol=1e-4)
PY

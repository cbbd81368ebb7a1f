#!/usr/bin/env bash
# momo-opt 0.1.0: a run that goes on from a saved optimiser is another one: the averaged loss, the
# lower bound and the number of steps are not in its state.
#
# Packages: momo-opt 0.1.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `load_state_dict(state_dict())` makes an optimiser that takes the same steps, as those of
# torch do (checked with Adam here). The average of the loss decides the size of a step of
# Momo: max(average - bound + d'x - average of g'x, 0) / |d|^2, at most the rate.
#
# Happens: the averages of gradients are saved; `loss_avg`, `lb` and the number of steps are attributes
# of the optimiser and are not. Momo takes the next step for the first one and starts all averages
# anew. MomoAdam keeps those of gradients, begins the loss at 0 and divides its rate by a
# correction for one step, of which its averages have many; at first it stands still.
#
# Seen, regression on 20 rows, stopped after 20 steps: next step of the resumed run over that of the one
# that went on (1 is right), and distance between them 20 steps later (solution: length 2.2):
#   Adam       1.00   0.00
#   Momo       24.8   0.52
#   MomoAdam   0.00   0.19
#
# Matters for: every run that is stopped and resumed, and comparisons that start from a checkpoint.
# Save `loss_avg`, `lb` and `_number_steps` beside the state.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps momo-opt==0.1.0
venv/bin/python -W ignore - <<'PY'
import copy

import torch
from momo import Momo, MomoAdam

ROWS, WEIGHTS, BATCH, STOP = 20, 5, 4, 20
KEPT = ("loss_avg", "lb", "_number_steps")
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
inputs = torch.randn(ROWS, WEIGHTS)
targets = inputs @ torch.ones(WEIGHTS) + torch.randn(ROWS) / 10


def train(x, optimizer, steps):
    """The sizes of the steps."""
    sizes = []
    for step in steps:
        rows = (torch.arange(BATCH) + BATCH * step) % ROWS
        optimizer.zero_grad()
        loss = ((inputs[rows] @ x - targets[rows]) ** 2).mean()
        loss.backward()
        before = x.detach().clone()
        optimizer.step() if isinstance(optimizer, torch.optim.Adam) else optimizer.step(loss=loss)
        sizes.append(float((x.detach() - before).norm()))
    return sizes


for name, make in {
    "Adam": lambda x: torch.optim.Adam([x], lr=0.1),
    "Momo": lambda x: Momo([x], lr=1.0),
    "MomoAdam": lambda x: MomoAdam([x], lr=0.1),
}.items():
    x = torch.nn.Parameter(torch.zeros(WEIGHTS))
    optimizer = make(x)
    train(x, optimizer, range(STOP))
    ends = {}
    for kind in ("resumed", "resumed with its attributes"):
        y = torch.nn.Parameter(x.detach().clone())
        other = make(y)
        other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
        if kind != "resumed" and name != "Adam":
            for attribute in KEPT:
                setattr(other, attribute, copy.deepcopy(getattr(optimizer, attribute)))
        ends[kind] = (y, train(y, other, range(STOP, 2 * STOP)))
    sizes = train(x, optimizer, range(STOP, 2 * STOP))
    for kind, (y, others) in ends.items():
        ratio, apart = others[0] / sizes[0], float((x - y).norm())
        print(f"{name:8} {kind:27}: next step {ratio:.2f} times as large, after {STOP} steps {apart:.2f} apart")
        same = name == "Adam" or kind != "resumed"
        assert (abs(ratio - 1) < 1e-9 and apart < 1e-9) if same else (abs(ratio - 1) > 0.3 and apart > 0.1)
PY

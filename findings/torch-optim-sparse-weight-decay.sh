#!/usr/bin/env bash
# torch-optim-sparse 0.1.3: SparserAdamW has no weight decay: weights stay what they are under any `weight_decay`.
#
# Packages: torch-optim-sparse 0.1.3, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `SparserAdamW(..., weight_decay)` is AdamW (Loshchilov and Hutter 2019) on the rows that have
# a gradient: each of them is multiplied by 1 - lr * weight_decay at every step, so that after 100 steps at 0.01
# and 0.5 about 0.606 of a weight is left.
#
# Happens: the decay is `p[indices].mul_(...)`. Indexing by a tensor copies; the copy is multiplied and thrown away.
# The line that would have been right stands below it, switched off. `SparserAdam` and `SparserSGDW` do decay.
#
# Seen, what is left of a weight of 1 after 100 steps of rate 0.01 whose gradient is 0
#   weight_decay        0      0.5    10
#   SparserAdamW        1      1      1
#   SparserSGDW         1      0.606  0.0000266
#   (1 - lr * decay)^n  1      0.606  0.0000266
#
# Matters for: every comparison of weight decay on sparse embeddings: all runs are the run without.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torch-optim-sparse==0.1.3
venv/bin/python -W ignore - <<'PY'
import torch
from torch_optim_sparse import SparserAdamW, SparserSGDW

STEPS, RATE = 100, 0.01


def left(kind, decay, slope=0.0):
    rows = torch.nn.Embedding(3, 2, sparse=True)
    rows.weight.data.fill_(1.0)
    optimizer = kind(rows.parameters(), lr=RATE, weight_decay=decay)
    for _ in range(STEPS):
        optimizer.zero_grad()
        (rows(torch.tensor([0, 2])).sum() * slope).backward()
        optimizer.step()
    assert rows.weight[0].equal(rows.weight[2]) and rows.weight[1].tolist() == [1.0, 1.0]
    return float(rows.weight[0, 0])


for decay in (0.0, 0.5, 10.0):
    right = (1 - RATE * decay) ** STEPS
    adam, sgd = left(SparserAdamW, decay), left(SparserSGDW, decay)
    print(f"weight_decay {decay}: right {right:.3g}, SparserSGDW {sgd:.3g}, SparserAdamW {adam:.3g}")
    assert abs(sgd - right) < 1e-5 and adam == 1.0

# With a gradient too: torch's AdamW on a dense weight decays, SparserAdamW goes as without.
dense = torch.nn.Parameter(torch.ones(1))
optimizer = torch.optim.AdamW([dense], lr=RATE, weight_decay=0.5)
for _ in range(STEPS):
    dense.grad = torch.ones(1)
    optimizer.step()
with_decay, without = left(SparserAdamW, 0.5, 1.0), left(SparserAdamW, 0.0, 1.0)
print(f"gradient 1: torch AdamW {float(dense):.3f}, SparserAdamW {with_decay:.3f}, without decay {without:.3f}")
assert with_decay == without and abs(float(dense) - with_decay) > 0.1
PY

#!/usr/bin/env bash
# torch-optim-sparse 0.1.3: momentum is never forgotten: 50 steps of one gradient go as far as 1,275, not 410.
#
# Packages: torch-optim-sparse 0.1.3, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `SparserSGD` and `SparserSGDW` are SGD whose momentum is updated "only where the sparse gradient
# is non-zero"; a row that is looked up at every step goes as under torch's SGD, which for an embedding with sparse
# gradients keeps m := momentum * m + gradient.
#
# Happens: the rows of the buffer are multiplied by `buf[indices].mul_(momentum)`. Indexing by a tensor copies, so the
# copy decays and the buffer does not: m is the sum of all gradients so far, whatever `momentum` is.
#
# Seen, a gradient of 1 at every step, rate 1, how far down the row is after
#   steps                          1      2      3     10      50
#   torch SGD, momentum 0.9        1    2.9   5.61   41.4   410.5
#   SparserSGD, momentum 0.9       1      3      6     55    1275
#   SparserSGD, momentum 0.1       1      3      6     55    1275
#   torch SGD, momentum 0.1        1    2.1   3.21   11.0    55.4
#
# Matters for: embeddings of large vocabularies, which the package is for: the more often a word comes, the
# larger its steps, without bound.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torch-optim-sparse==0.1.3
venv/bin/python -W ignore - <<'PY'
import torch
from torch_optim_sparse import SparserSGD, SparserSGDW

SHOWN = (1, 2, 3, 10, 50)


def walk(kind, momentum):
    """How far down a row is whose gradient is 1 at every step."""
    rows = torch.nn.Embedding(3, 2, sparse=True)
    rows.weight.data.zero_()
    optimizer, found = kind(rows.parameters(), lr=1.0, momentum=momentum), []
    for _ in range(SHOWN[-1]):
        optimizer.zero_grad()
        rows(torch.tensor([0, 2])).sum().backward()
        optimizer.step()
        assert rows.weight[0].equal(rows.weight[2]) and not rows.weight[1].any()
        found.append(-float(rows.weight[0, 0]))
    return [found[step - 1] for step in SHOWN]


def closed(momentum):
    """The sum over steps of 1 + momentum + ... up to that step."""
    return [sum((1 - momentum**k) / (1 - momentum) for k in range(1, step + 1)) for step in SHOWN]


for momentum in (0.9, 0.1):
    right = walk(torch.optim.SGD, momentum)
    print(f"momentum {momentum}: torch SGD", *(f"{value:.4g}" for value in right))
    assert all(abs(a - b) < 1e-3 for a, b in zip(right, closed(momentum), strict=True))
    for kind in (SparserSGD, SparserSGDW):
        found = walk(kind, momentum)
        print(f"momentum {momentum}: {kind.__name__}", *(f"{value:.4g}" for value in found))
        assert found == [step * (step + 1) / 2 for step in SHOWN]
assert walk(SparserSGD, 0.0) == list(SHOWN)
PY

#!/usr/bin/env bash
# auto_esn 0.0.7: giving units a loop to themselves connects every unit to every other one: the
# numbers that are meant for the diagonal are added everywhere.
#
# Packages: auto_esn 0.0.7, torch 2.13.0 (CPU), numpy 2.4.6, networkx 3.6.1, scipy 1.17.1.
#
# Expected: `loopify` "sets $percentage_of_loops values on diagonal to non-zero values". What is off
# the diagonal, a sparse reservoir or a graph, is as it was.
#
# Happens: the mask with zeros on the diagonal, by which the diagonal was cleared, is used once more
# after ones were put where loops shall be. It has ones everywhere else, so that numbers between 0
# and 1 are added to all other weights.
#
# Seen, 200 units, a density of 0.1, loops for one half:
#                               right     found
#   density off the diagonal    0.10      1.00
#   their mean                  0.00      0.50
#   largest eigenvalue          2.9       100
# With loops for none it does as it says.
#
# Matters for: studies of reservoirs with and without loops; and scaled to a spectral radius, one
# eigenvalue of a hundred leaves all others near 0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 networkx==3.6.1 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps auto_esn==0.0.7
venv/bin/python -W ignore - <<'PY'
import torch
from auto_esn.esn.reservoir.initialization import CompositeInitializer

N, DENSITY, LOOPS = 200, 0.1, 0.5


def made(loops):
    torch.manual_seed(0)
    initializer = CompositeInitializer().uniform().sparse(density=DENSITY)
    return (initializer if loops is None else initializer.loopify(loops))(torch.empty(N, N))


def described(weight):
    off = weight[~torch.eye(N, dtype=torch.bool)]
    return float((off != 0).double().mean()), float(off.mean()), float(torch.linalg.eigvals(weight).abs().max())


plain, looped = made(None), made(LOOPS)
right = plain * (1 - torch.eye(N))
right[torch.arange(N // 2), torch.arange(N // 2)] = torch.rand(N // 2)
for name, weight in (("right", right), ("found", looped)):
    print(name, "density {:.3f}, mean {:.3f}, largest eigenvalue {:.2f}".format(*described(weight)))
assert int((looped.diagonal() != 0).sum()) == N // 2
assert described(right)[0] < 0.12 and described(looped)[0] > 0.999 and described(looped)[1] > 0.45
assert described(looped)[2] > 20 * described(right)[2]
assert torch.equal(made(0.0), plain * (1 - torch.eye(N)))
PY

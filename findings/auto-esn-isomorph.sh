#!/usr/bin/env bash
# auto_esn 0.0.7: a reservoir that is renamed is another one: only where connections come from is
# renamed, and not where they go to.
#
# Packages: auto_esn 0.0.7, torch 2.13.0 (CPU), numpy 2.4.6, networkx 3.6.1, scipy 1.17.1.
#
# Expected: `isomorph` permutes the units: P^T W P for a permutation P, the same network with other
# names. Eigenvalues, loops, and whether weights are symmetric stay.
#
# Happens: W P. Each unit keeps its inputs' weights and takes them from other units.
#
# Seen, a ring of 100 units, each connected to its neighbours:
#                                              right    found
#   symmetric                                  yes      no
#   units connected to themselves              0        3
#   largest imaginary part of an eigenvalue    0        1.38
#
# Matters for: comparing graphs that are to be the same but for names.
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

N = 100
ring = torch.zeros(N, N)
for unit in range(N):
    ring[unit, (unit + 1) % N] = ring[(unit + 1) % N, unit] = 1.0
torch.manual_seed(0)
found = CompositeInitializer().isomorph()(ring)
torch.manual_seed(0)
order = torch.randperm(N)
right = ring[order][:, order]
assert torch.equal(found, ring[:, order])


def described(weight):
    values = torch.linalg.eigvals(weight.double())
    return bool(torch.equal(weight, weight.T)), int(weight.diagonal().sum()), float(values.imag.abs().max())


for name, weight in (("ring", ring), ("right", right), ("found", found)):
    print(name, "symmetric {}, loops {}, largest imaginary part of an eigenvalue {:.3f}".format(*described(weight)))
assert described(right)[:2] == described(ring)[:2] == (True, 0) and described(right)[2] < 1e-9
assert not described(found)[0] and described(found)[2] > 0.1
PY

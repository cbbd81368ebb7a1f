#!/usr/bin/env bash
# nadir 0.1.1: Adagrad and RMSProp are plain gradient descent.
#
# Packages: nadir 0.1.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: Adagrad divides a gradient by the root of the sum of squares so far, RMSProp by
# that of a decaying mean: neither first step depends on the scale of the gradient.
#
# Happens: Adagrad has the division as a method that nothing calls, RMSProp has none; both
# inherit the step of the base class, minus rate times gradient. (Adadelta is itself.)
#
# Seen, first step at gradients 0.01, 1 and 100, rate 0.001:
#             torch.optim           nadir
#   Adagrad   0.001 0.001 0.001     0.00001 0.001 0.1
#   RMSProp   0.003 0.003 0.003     0.00001 0.001 0.1   (decay 0.9)
#
# Matters for: comparisons of optimisers, in which these two are SGD under other names.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps nadir==0.1.1
OMP_NUM_THREADS=1 venv/bin/python - <<'PY'
import nadir
import torch

GRADIENTS, RATE = torch.tensor([0.01, 1.0, 100.0]), 0.001


def steps(make, times=5):
    """What each of the first steps with constant gradients subtracts."""
    weight = torch.nn.Parameter(torch.zeros(3))
    optimizer, taken = make([weight]), []
    for _ in range(times):
        before = weight.detach().clone()
        weight.grad = GRADIENTS.clone()
        optimizer.step()
        taken.append(before - weight.detach())
    return torch.stack(taken)


def show(name, right, found):
    for where, rows in (("torch.optim", right), ("nadir", found)):
        print(f"{name:8} {where:11}", *(f"{size:.3g}" for size in rows[0].tolist()))


descent = RATE * GRADIENTS.expand(5, 3)
for name, right, found in (
    ("Adagrad", lambda w: torch.optim.Adagrad(w, lr=RATE), lambda w: nadir.Adagrad(w, nadir.AdagradConfig(lr=RATE))),
    ("RMSProp", lambda w: torch.optim.RMSprop(w, lr=RATE, alpha=0.9), lambda w: nadir.RMSProp(w, nadir.RMSPropConfig(lr=RATE, beta_2=0.9))),
):
    right, found = steps(right), steps(found)
    show(name, right, found)
    assert torch.allclose(right[0], right[0, :1], rtol=1e-4), "the scale does not matter"
    assert torch.allclose(found, descent, rtol=1e-4)
PY

#!/usr/bin/env bash
# pytorch-optimizer 4.1.0: the first step of SRMM takes 29 % of every parameter away.
#
# Packages: pytorch_optimizer 4.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: stochastic regularised majorisation-minimisation (Lyu 2022) steps to the minimum of
# a mean of surrogates, each one a parabola around the parameters at its time. After one
# step the mean is of one: the step is - lr * gradient. With no gradient nothing moves.
#
# Happens: the means of gradients and of parameters begin at zero, and the first weight is
# 2^-beta, by default 0.707, where it has to be 1: zero itself counts as a point that was
# visited, with weight 0.293. Weights whose gradient is zero shrink as well. Later steps
# leave them alone. Nothing was said about decay, and it does not depend on the rate.
#
# Seen, a parameter of 1, -2, 3 and no gradient (zeros), lr 0.001:
#   after step 1: 0.7071 -1.4142 2.1213     after step 2: the same
#   beta 0.9: 0.5359 -1.0718 1.6077          beta 0: 1 -2 3
#   gradient 1, lr 0.001, the step less the shrinking: 0.000707 instead of 0.001
#   a least-squares fit with error 0 before the step has error 0.0858 of its variance after it
#
# Matters for: fine-tuning and going on from a checkpoint without the optimiser's state: a
# model with four layers loses three quarters of its output before it learns.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch_optimizer==4.1.0
venv/bin/python - <<'PY'
import torch
from pytorch_optimizer import SRMM

START = torch.tensor([1.0, -2.0, 3.0])


def steps(gradients, **options):
    parameter = torch.nn.Parameter(START.clone())
    optimizer = SRMM([parameter], lr=0.001, **options)
    for gradient in gradients:
        parameter.grad = torch.full((3,), gradient)
        optimizer.step()
    return parameter.detach()


for options in ({}, {"beta": 0.9}, {"beta": 0.0}, {"foreach": False}):
    one, two = steps([0.0], **options), steps([0.0, 0.0], **options)
    kept = 2 ** -options.get("beta", 0.5)
    print(options, "after step 1:", *(f"{x:.4f}" for x in one), " after step 2:", *(f"{x:.4f}" for x in two))
    assert torch.allclose(one, kept * START) and torch.allclose(two, one)
moved = steps([0.0]) - steps([1.0])
print(f"gradient 1, the step less the shrinking: {moved[0]:.6f}")
assert torch.allclose(moved, torch.full((3,), 0.001 * 2**-0.5), atol=1e-6)

torch.manual_seed(0)
inputs = torch.randn(1000, 3)
targets = inputs @ START
model = torch.nn.Linear(3, 1, bias=False)
with torch.no_grad():
    model.weight.copy_(START[None])
optimizer = SRMM(model.parameters(), lr=0.001)


def error():
    return ((model(inputs)[:, 0] - targets) ** 2).mean() / (targets**2).mean()


before = error()
before.backward()
optimizer.step()
print(f"error of a perfect fit: {float(before):.4f} before, {float(error()):.4f} after one step")
assert before < 1e-10 and abs(error() - (1 - 2**-0.5) ** 2) < 1e-4
PY

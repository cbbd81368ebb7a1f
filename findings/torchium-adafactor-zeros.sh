#!/usr/bin/env bash
# torchium 0.1.5: parameters that begin at zero never move with AdaFactor, and the others have a rate of a millionth in
# the first step.
#
# Packages: torchium 0.1.5, torch 2.13.0, numpy 2.4.6.
#
# Expected: `AdaFactor(params)` with its defaults is that of the paper (1804.04235), its reference: the step is
# max(1e-3, root mean square of the parameter) times min(1e-2, 1 / sqrt(t)) times the clipped update. The floor of 1e-3
# is there so that parameters which begin at zero can leave it.
#
# Happens: the floor is `eps2`, which is 1e-30, the number that the paper adds to squares of gradients. The second
# factor is min(1e-6 t, 1 / sqrt(t)), a warm-up, whenever `scale_parameter` is on; without it, it is as in the paper.
#
# Seen, gradient 1 at every step
#   step number                          1       10      100     1,000
#   parameters from 0: package          1e-36   6e-35   5e-33   5e-31
#   paper                               1e-5    1e-4    1e-3    7.7
#   step of those from 1: package       1e-6    1e-5    1e-4    6e-4
#   paper                               1e-2    9e-3    4e-3    3e-5
#   y = 3 x + 2, 2,000 steps          package 2.98 x + 0.00, paper 3.00 x + 2.00
#
# Matters for: biases, and last layers or adapters that begin at zero: they are never trained, without a word.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torchium==0.1.5
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from torchium.optimizers import AdaFactor

print("torchium", version("torchium"), "torch", torch.__version__)


class Paper:
    """The rule of the paper for vectors, with its recommended numbers."""

    def __init__(self, values):
        self.values = [value.copy() for value in values]
        self.squares = [np.zeros_like(value) for value in values]
        self.step_number = 0

    def step(self, gradients):
        self.step_number += 1
        decay = 1 - self.step_number**-0.8
        for value, square, gradient in zip(self.values, self.squares, gradients):
            square[:] = decay * square + (1 - decay) * (gradient**2 + 1e-30)
            update = gradient / np.sqrt(square)
            update /= max(1.0, np.sqrt(np.mean(update**2)))
            scale = max(1e-3, np.sqrt(np.mean(value**2)))
            value -= scale * min(1e-2, self.step_number**-0.5) * update


class Package:
    def __init__(self, values):
        self.parameters = [torch.nn.Parameter(torch.from_numpy(value.copy())) for value in values]
        self.optimizer = AdaFactor(self.parameters)

    @property
    def values(self):
        return [parameter.detach().numpy().copy() for parameter in self.parameters]

    def step(self, gradients):
        for parameter, gradient in zip(self.parameters, gradients):
            parameter.grad = torch.from_numpy(np.asarray(gradient))
        self.optimizer.step()


moved = {}
for rule in (Package, Paper):
    run, before = rule([np.zeros(4), np.ones(4)]), None
    for step in range(1, 1_001):
        before = run.values[1][0]
        run.step([np.ones(4), np.ones(4)])
        if step in (1, 10, 100, 1_000):
            moved[rule, step] = -run.values[0][0], before - run.values[1][0]
            print(f"{rule.__name__}, step {step}: zeros moved by {moved[rule, step][0]:.1e}, "
                  f"this step from 1 {moved[rule, step][1]:.1e}")
assert all(moved[Package, step][0] < 1e-25 for step in (1, 10, 100, 1_000)) and moved[Paper, 1_000][0] > 1e-3
assert abs(moved[Package, 1][1] - 1e-6) < 1e-8 and abs(moved[Paper, 1][1] - 1e-2) < 1e-6

inputs = np.linspace(-1, 1, 50)
fits = {}
for rule in (Package, Paper):
    run = rule([np.ones(1), np.zeros(1)])
    for _ in range(2_000):
        slope, bias = run.values
        errors = slope * inputs + bias - (3 * inputs + 2)
        run.step([np.array([np.mean(errors * inputs)]), np.array([np.mean(errors)])])
    fits[rule] = [float(value[0]) for value in run.values]
    print(f"{rule.__name__}: y = {fits[rule][0]:.3f} x + {fits[rule][1]:.3f}, right 3 x + 2")
assert abs(fits[Package][1]) < 1e-20 and np.allclose(fits[Paper], (3, 2), atol=0.1)
PY

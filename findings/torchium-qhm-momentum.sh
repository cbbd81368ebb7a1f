#!/usr/bin/env bash
# torchium 0.1.5: QHM weighs the gradient by nu and the momentum by the rest, and does not average: with its defaults
# steps grow to 300 times the rate.
#
# Packages: torchium 0.1.5, torch 2.13.0, numpy 2.4.6.
#
# Expected: `QHM(params, lr, momentum=0.999, nu=0.7)`, "Quasi-Hyperbolic Momentum", with the paper (1810.06801) as
# reference: g = beta g + (1 - beta) grad; step = lr ((1 - nu) grad + nu g), recommended with beta .999 and nu .7. Of a
# constant gradient every step is the rate or less; nu = 0 is plain gradient descent.
#
# Happens: nu multiplies the gradient and 1 - nu the momentum, and the momentum is the sum of gradients and not
# the average: its factor 1 - beta is left out. nu = 1 is gradient descent.
#
# Seen, gradient 1 at each step, rate 1, step number       1      10    100    1,000   5,000
#   package, defaults                                     1.00   3.69   29.3   190     299
#   paper                                                  .30    .31    .37    .74    1.00
#   package, nu = 0, momentum .9                          1.00   6.51   10.0    10.0    10.0
#   paper, nu = 0: gradient descent                       1.00   1.00   1.00    1.00    1.00
#
# Matters for: rates and nu from the paper or from tuning SGD: where gradients keep their direction, steps are hundreds
# of times as long, and trying nu from 0 to 1 goes the other way round.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torchium==0.1.5
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import torch
from torchium.optimizers import QHM

print("torchium", version("torchium"), "torch", torch.__version__)


def package(gradient, count, start, rate, momentum, nu):
    value = torch.nn.Parameter(torch.tensor([start], dtype=torch.float64))
    optimizer = QHM([value], lr=rate, momentum=momentum, nu=nu)
    path = [start]
    for _ in range(count):
        value.grad = torch.tensor([gradient(value.item())], dtype=torch.float64)
        optimizer.step()
        path.append(value.item())
    return path


def paper(gradient, count, start, rate, momentum, nu):
    average, path = 0.0, [start]
    for _ in range(count):
        here = gradient(path[-1])
        average = momentum * average + (1 - momentum) * here
        path.append(path[-1] - rate * ((1 - nu) * here + nu * average))
    return path


steps = {}
for title, options in (("defaults", (0.999, 0.7)), ("nu = 0", (0.9, 0.0)), ("nu = 1", (0.9, 1.0))):
    for rule in (package, paper):
        path = rule(lambda _: 1.0, 5_000, 0.0, 1.0, *options)
        steps[title, rule] = {step: path[step - 1] - path[step] for step in (1, 10, 100, 1_000, 5_000)}
        print(f"{title}, {rule.__name__}: {', '.join(f'{step:.2f}' for step in steps[title, rule].values())}")
assert steps["defaults", package][5_000] > 290 and steps["defaults", package][10] > 3.5
assert all(step <= 1.0001 for step in steps["defaults", paper].values())
assert abs(steps["nu = 0", package][1_000] - 10) < 1e-6 and abs(steps["nu = 1", package][1_000] - 1) < 1e-6
assert all(abs(step - 1) < 1e-6 for step in steps["nu = 0", paper].values())
PY

#!/usr/bin/env bash
# pydynet 1.1: Adadelta has no record of its own steps: it is RMSProp with a rate of 1, and
# its first step is 3.2, whatever the gradient.
#
# Packages: pydynet 1.1, numpy 2.4.6.
#
# Expected: Adadelta (Zeiler 2012) multiplies g / sqrt(E[g^2] + eps) by sqrt(E[step^2] + eps),
# the running size of its own steps, which takes the place of a learning rate: with
# lr = 1, the default, and eps = 1e-6 the first step is 0.0032.
#
# Happens: `Adadelta` keeps the squares of gradients only, and its step is
# lr g / sqrt(E[g^2] + eps), a thousand times as large. Steps do not become smaller near a
# minimum: they stay about 1.
#
# Seen (loss x^2 / 2 from x = 1; x after steps):
#   first step: 0.9968 right, -2.1623 given
#   after 100: 0.6512 right, 0.4926 given; after 2,000: 0.0000 right, 0.5000 given
#   mean size of the last hundred steps: 0.00000 right, 1.00000 given
#
# Matters for: everyone who compares optimisers by this package: Adadelta with its defaults
# throws weights away in the first step.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pydynet==1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pydynet import Tensor
from pydynet.nn import Parameter
from pydynet.optim import Adadelta

RHO, EPS, STEPS = 0.9, 1e-6, 2000


def given(start):
    x = Parameter(Tensor(np.array([start])))
    optimizer = Adadelta([x], rho=RHO, eps=EPS)
    path = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        (x * x * 0.5).sum().backward()
        optimizer.step()
        path.append(x.data.item())
    return np.array(path)


def worked_out(start, own_steps):
    x, squares, steps, path = start, 0.0, 0.0, []
    for _ in range(STEPS):
        g = x
        squares = RHO * squares + (1 - RHO) * g * g
        step = g / np.sqrt(squares + EPS) * (np.sqrt(steps + EPS) if own_steps else 1.0)
        steps = RHO * steps + (1 - RHO) * step * step
        x -= step
        path.append(x)
    return np.array(path)


found, right, other = given(1.0), worked_out(1.0, True), worked_out(1.0, False)
for k in (0, 1, 9, 99, STEPS - 1):
    print(f"{k + 1}: {right[k]:.4f} right, {found[k]:.4f} given")
sizes = np.abs(np.diff(found))[-100:].mean()
print(f"mean size of the last hundred steps: {np.abs(np.diff(right))[-100:].mean():.5f} right, {sizes:.5f} given")
assert np.allclose(found[:50], other[:50]) and abs(found[0] - (1 - 1 / np.sqrt(0.1 + EPS))) < 1e-12
assert abs(1 - right[0] - 0.0032) < 1e-4 and abs(right[-1]) < 0.01
assert sizes > 0.1
PY

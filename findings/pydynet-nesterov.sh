#!/usr/bin/env bash
# pydynet 1.1: by default stochastic gradient descent takes steps of twice the rate without
# momentum, and with it adds the gradient that it is to look ahead by once too often.
#
# Packages: pydynet 1.1, numpy 2.4.6.
#
# Expected: `SGD(lr, momentum, nesterov=True)`, Nesterov being the default, keeps
# v = momentum v + lr g and takes lr g + momentum v off the parameters. Without momentum
# there is nothing to look ahead by: it is plain descent, a step of lr g.
#
# Happens: it takes lr g + v off, v without the momentum. Without momentum that is 2 lr g.
# On a quadratic loss of curvature 1 plain descent is stable up to a rate of 2: here up to 1.
#
# Seen (loss x^2 / 2 from x = 1; x after steps):
#   rate 0.1, momentum 0: 0.900 right, 0.800 given after one; 0.122 and 0.012 after 20
#   rate 0.1, momentum 0.5: 0.850 and 0.800 after one; 0.344 and 0.160 after five
#   rate 1.2, momentum 0: 0.000 right, 837 given after 20
#
# Matters for: everyone who uses the package's default optimiser, or compares others with
# it: the rate is not the one that was set.
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
from pydynet.optim import SGD


def given(rate, momentum, steps, **options):
    x = Parameter(Tensor(np.ones(1)))
    optimizer = SGD([x], lr=rate, momentum=momentum, **options)
    path = []
    for _ in range(steps):
        optimizer.zero_grad()
        (x * x * 0.5).sum().backward()
        optimizer.step()
        path.append(x.data.item())
    return path


def nesterov(rate, momentum, steps, ahead):
    """Nesterov's method with v = momentum v + rate g, in the form of the gradient at x."""
    x, v, path = 1.0, 0.0, []
    for _ in range(steps):
        g = x
        v = momentum * v + rate * g
        x -= rate * g + ahead * v
        path.append(x)
    return path


for rate, momentum in ((0.1, 0.0), (0.1, 0.5), (0.1, 0.9), (1.2, 0.0)):
    found = given(rate, momentum, 20)
    right, other = nesterov(rate, momentum, 20, momentum), nesterov(rate, momentum, 20, 1.0)
    print(f"rate {rate}, momentum {momentum}:", *(f"{k + 1}: {right[k]:.3f} right, {found[k]:.3f} given;" for k in (0, 1, 4, 19)))
    assert np.allclose(found, other) and not np.allclose(found[:5], right[:5])
assert np.allclose(given(0.1, 0.0, 20), given(0.2, 0.0, 20, nesterov=False))
assert np.allclose(given(0.1, 0.0, 20, nesterov=False), nesterov(0.1, 0.0, 20, 0.0))
assert abs(given(1.2, 0.0, 20)[-1]) > 100 > 1e-10 > abs(nesterov(1.2, 0.0, 20, 0.0)[-1])
PY

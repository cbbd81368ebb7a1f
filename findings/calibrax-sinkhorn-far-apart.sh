#!/usr/bin/env bash
# calibrax 0.1.1: the Sinkhorn divergence of samples that are 5 apart is 0, "identical distributions": it rises up to
# a distance of 1.5 and falls again.
#
# Packages: calibrax 0.1.1, jax 0.10.2, flax 0.12.8, jaxtyping 0.3.11, psutil 7.2.2, numpy 2.3.5.
#
# Expected: `sinkhorn_divergence(x, y)` is OT(x, y) - (OT(x, x) + OT(y, y)) / 2 with squared distances as costs, "0.0 =
# identical distributions", range [0, inf). When y is x moved by d, every coupling costs d^2 more: the divergence is
# d^2, whatever the regularisation is.
#
# Happens: the kernel exp(-cost / regularization) is computed as it is, in float32, and 1e-8 is added to its sums. At
# the regularisation of .1 costs of 2 are 2e-9 already: the plan has no mass left, so it costs nothing, and what is
# below 0 is set to 0. With logarithms the same iterations are right.
#
# Seen, 50 normal numbers of deviation .3, and the same moved by d; in logarithms d^2 within .001
#   d                          .5     1     1.5    2      3      5     10
#   d^2                        .25   1.00   2.25   4.00   9.00   25    100
#   package, regularised .1    .25    .94   1.37   1.00    .02    0      0
#   package, regularised 1     .25   1.00   2.25   4.00   9.00   23.7    0
#
# Matters for: comparing samples or training on this: data in other units than of order 1 count as alike, and the
# worst model as perfect.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8 jaxtyping==0.3.11 psutil==7.2.2 \
    numpy==2.3.5
venv/bin/pip install --quiet --disable-pip-version-check --no-deps calibrax==0.1.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import jax
import numpy as np
from calibrax.metrics.functional.divergence import sinkhorn_divergence

print("calibrax", version("calibrax"), "jax", jax.__version__)


def soft_sum(values, axis):
    top = values.max(axis=axis, keepdims=True)
    return (top + np.log(np.exp(values - top).sum(axis=axis, keepdims=True))).squeeze(axis)


def transport(first, second, regularization, steps=100):
    """Cost of the plan of entropic transport between equal weights, with scalings kept as logarithms."""
    cost = (first[:, None] - second[None, :]) ** 2
    left, right = np.zeros(len(first)), np.zeros(len(second))
    for _ in range(steps):
        left = -np.log(len(first)) - soft_sum(right[None, :] - cost / regularization, 1)
        right = -np.log(len(second)) - soft_sum(left[:, None] - cost / regularization, 0)
    plan = np.exp(left[:, None] + right[None, :] - cost / regularization)
    assert np.isclose(plan.sum(), 1)
    return np.sum(plan * cost)


def divergence(first, second, regularization):
    return transport(first, second, regularization) - (
        transport(first, first, regularization) + transport(second, second, regularization)
    ) / 2


sample = 0.3 * np.random.default_rng(0).standard_normal(50)
found = {}
for regularization in (0.1, 1.0):
    for distance in (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0):
        moved = sample + distance
        value = float(sinkhorn_divergence(sample, moved, regularization=regularization))
        right = divergence(sample, moved, regularization)
        print(f"regularised {regularization}, moved by {distance}: {value:.3f}, in logarithms {right:.3f}")
        assert abs(right - distance**2) < 1e-3
        found[regularization, distance] = value
assert abs(found[0.1, 0.5] - 0.25) < 1e-3 and all(abs(found[1.0, d] - d**2) < 1e-3 for d in (0.5, 1.0, 2.0))
assert found[0.1, 1.5] < 1.5 and found[0.1, 3.0] < 0.05 < found[0.1, 2.0] < found[0.1, 1.5]
assert found[0.1, 5.0] == found[0.1, 10.0] == found[1.0, 10.0] == 0
PY

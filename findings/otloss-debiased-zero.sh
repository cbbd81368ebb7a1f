#!/usr/bin/env bash
# otloss 0.1.0: the cost that `sinkhorn` returns is 0 for any two clouds of equally weighted points, however far apart.
#
# Packages: otloss 0.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `f, g, cost = sinkhorn(a, b, C, blur=0.05, debias=True)`, as in the README, returns the "transport cost", by
# default debiased: W(a, x, b, y) - W(a, x, a, x) / 2 - W(b, y, b, y) / 2. Of a cloud moved by d it is d^2 / D with
# the package's costs, which are squared distances divided by the dimension D.
#
# Happens: both terms to subtract are computed with the costs between x and y in place of those within x and within y.
# For equal weights a = b they are the same number as the first term, and the difference is 0.
#
# Seen, 20 normal points in two dimensions and the same moved by d; blur .5
#   d                         0      .5     1      3
#   d^2 / D                   0      .125   .5     4.5
#   package                   0      0      0      0
#   with the costs within     0      .125   .5     4.5
#   package, debias=False    -1.09   -.96   -.59   3.41
# When both clouds are the same points in the same order, and only the weights differ, the costs are the same ones: then
# it is right.
#
# Matters for: distances of samples, model selection and tests with this function: all clouds are alike.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps otloss==0.1.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from otloss import cost_matrix, sinkhorn

print("otloss", version("otloss"), "torch", torch.__version__)


def soft_sum(values, axis):
    top = values.max(axis=axis, keepdims=True)
    return (top + np.log(np.exp(values - top).sum(axis=axis, keepdims=True))).squeeze(axis)


def transport(first, second, cost, strength, steps=2_000):
    """The entropic dual value, by iterations with logarithms."""
    left, right = np.zeros(len(first)), np.zeros(len(second))
    for _ in range(steps):
        left = strength * (np.log(first) - soft_sum((right[None, :] - cost) / strength, 1))
        right = strength * (np.log(second) - soft_sum((left[:, None] - cost) / strength, 0))
    return left @ first + right @ second


def debiased(first, points, second, others, strength):
    def cost(one, two):
        return ((one[:, None] - two[None]) ** 2).sum(-1) / one.shape[1]

    within = (transport(first, first, cost(points, points), strength)
              + transport(second, second, cost(others, others), strength))
    return transport(first, second, cost(points, others), strength) - within / 2


def package(first, points, second, others, blur):
    tensors = [torch.from_numpy(values) for values in (first, points, second, others)]
    cost = cost_matrix(tensors[1], tensors[3])
    return [float(sinkhorn(tensors[0], tensors[2], cost, blur=blur, max_iter=2_000, debias=debias)[2])
            for debias in (True, False)]


rng = np.random.default_rng(0)
points, weights = rng.standard_normal((20, 2)), np.full(20, 1 / 20)
for distance in (0.0, 0.5, 1.0, 3.0):
    moved = points + [distance, 0.0]
    found, plain = package(weights, points, weights, moved, 0.5)
    right = debiased(weights, points, weights, moved, 0.25)
    print(f"moved by {distance}: debiased {found:.6f}, right {right:.4f}; not debiased {plain:.4f}")
    assert found == 0 and abs(right - distance**2 / 2) < 1e-6

first, second, line = np.array([0.9, 0.1]), np.array([0.5, 0.5]), np.array([[0.0], [1.0]])
found, plain = package(first, line, second, line, 0.05)
right = debiased(first, line, second, line, 0.0025)
print(f"two points with other weights: debiased {found:.4f}, right {right:.4f}; not debiased {plain:.4f}")
assert abs(found - right) < 1e-3 and abs(right - 0.4) < 0.01
PY

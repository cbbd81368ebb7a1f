#!/usr/bin/env bash
# entmax 1.3: where each row of a batch has one query, gradients of the transform with a budget are
# too large by the number of rows.
#
# Packages: entmax 1.3, torch 2.13.0, numpy 2.4.6.
#
# Expected: `budget_bisect(X, budget, dim)` is differentiable and treats what lies along `dim`
# by itself: 64 rows of shape (1, keys) have the same gradients as 64 rows of shape (keys).
#
# Happens: going backwards, the number of active entries, which has no axis `dim` any more, is
# squeezed at `dim` again. If the axis before it has length 1, (rows, 1) sums are divided by (rows)
# numbers: a table of rows by rows, which autograd adds up. Every gradient is rows times what
# it should be, less a mean with the number of active entries of all rows.
#
# Seen, budget 2, 5 keys, by finite differences; size of the gradients, right 1:
#   rows                                    1       2       8
#   (rows, keys)                            1.0     1.0     1.0
#   (rows, 1, keys)                         1.0     1.9     8.3
#   sparsemax, (rows, 1, keys)              1.0     1.0     1.0
# Gradients of -2, -1, 0, 1 and 2 are found as -32, -30, -28, -26 and -24 beside a row with one
# active entry.
#
# Matters for: attention while decoding, one query at a time, and pooling by a learned query.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps entmax==1.3
venv/bin/python -W ignore - <<'PY'
import torch
from entmax import budget_bisect, sparsemax

KEYS, BUDGET, STEP = 5, 2, 1e-6
torch.manual_seed(0)


def differences(x, weight):
    """Central differences: the exact gradient of a piecewise linear function."""
    found = torch.zeros_like(x)
    for at in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[at] = STEP
        change = budget_bisect(x + step, BUDGET) - budget_bisect(x - step, BUDGET)
        found.view(-1)[at] = (change * weight).sum() / (2 * STEP)
    return found


def gradient(transform, x, weight):
    x = x.clone().requires_grad_()
    return torch.autograd.grad((transform(x) * weight).sum(), x)[0]


def one_query(transform, x, weight):
    return gradient(transform, x[:, None], weight[:, None])[:, 0]


def budget(x):
    return budget_bisect(x, BUDGET)


for rows in (1, 2, 8):
    x, weight = torch.randn(2, rows, KEYS, dtype=torch.float64)
    right = differences(x, weight)
    flat, query = gradient(budget, x, weight), one_query(budget, x, weight)
    sparse = one_query(sparsemax, x, weight), gradient(sparsemax, x, weight)
    size = [float(a.abs().sum() / b.abs().sum()) for a, b in ((flat, right), (query, right), sparse)]
    print(f"{rows} rows: (rows, keys) {size[0]:.1f}, (rows, 1, keys) {size[1]:.1f}, sparsemax {size[2]:.1f}")
    assert torch.allclose(flat, right, atol=1e-6) and torch.allclose(*sparse)
    assert torch.allclose(query, right, atol=1e-6) if rows == 1 else size[1] > 0.9 * rows

x = torch.tensor([[5.0, 4.0, 0.0, 0.0, 0.0], [0.1, 0.2, 0.3, 0.4, 0.5]], dtype=torch.float64)
weight = torch.arange(10, dtype=torch.float64).reshape(2, KEYS)
right, query = differences(x, weight), one_query(budget, x, weight)
print("beside a row with one active entry: right", right[1].round().tolist(), "found", query[1].tolist())
assert torch.allclose(right[1], torch.tensor([-2.0, -1.0, 0.0, 1.0, 2.0], dtype=torch.float64), atol=1e-6)
assert torch.allclose(query[1], torch.tensor([-32.0, -30.0, -28.0, -26.0, -24.0], dtype=torch.float64))
PY

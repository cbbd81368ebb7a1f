#!/usr/bin/env bash
# esntorch 1.0.6: a deep readout drops half of its units in evaluation too.
#
# Packages: esntorch 1.0.6, torch 2.13.0, scikit-learn 1.8.0, numpy 2.4.6.
#
# Expected: `DeepNN` is a network with rectified units, and nothing more is said of it. After
# `eval()` two calls with one input give one output.
#
# Happens: the forward pass makes a new Dropout of one half at every call. A new module is in
# training mode, and as no part of the network it hears of no `eval()`.
#
# Seen, 8 inputs, two layers of 20 units, 2,000 rows whose class is the sign of a product, 500 steps of
# training; predictions after `eval()`, two runs (threads sum in another order)
#   errors, without dropout                          .059, .063
#   errors, package, on average over 50 calls        .128, .127
#   rows with two answers in 50 calls                .844, .832
#
# Matters for: every evaluation of an echo state network with this readout.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps esntorch==1.0.6
venv/bin/python -W ignore - <<'PY'
import torch
from esntorch.core.learning_algo import DeepNN

CALLS = 50
torch.manual_seed(0)
X = torch.randn(2000, 8)
y = (X[:, 0] * X[:, 1] > 0).long()
model = DeepNN([8, 20, 20, 2])
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(500):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(X), y).backward()
    optimizer.step()
model.eval()
assert not any(module.training for module in model.modules())
with torch.no_grad():
    first, second, last = model.hidden
    right = last(torch.relu(second(torch.relu(first(X))))).argmax(1)
    calls = torch.stack([model(X).argmax(1) for _ in range(CALLS)])
unsure = (calls != calls[0]).any(0).float().mean().item()
wrong, wrong_right = (calls != y).float().mean().item(), (right != y).float().mean().item()
print(f"errors without dropout {wrong_right:.4f}, package {wrong:.4f}, rows with two answers {unsure:.3f}")
assert wrong > 1.5 * wrong_right and unsure > 0.05
PY

#!/usr/bin/env bash
# esntorch 1.0.6: ridge regression of normalised features has no intercept: rare classes are
# predicted as often as frequent ones.
#
# Packages: esntorch 1.0.6, torch 2.13.0, scikit-learn 1.8.0, numpy 2.4.6.
#
# Expected: `RidgeRegression` adds "a column of ones to X to represent the bias", and `mode=
# "normalize"` brings features to one scale. Outputs are shares of the classes, and sum to 1.
#
# Happens: the column of ones is normalised with the features: its mean is taken off, and it is a
# column of zeros. What is left are the outputs less the shares of the classes, and they sum to 0.
#
# Seen, 2,000 rows of which 10 % are of class 1, 5 features, all of which differ by a quarter of a
# standard deviation between the classes:
#                                    sum of outputs   called class 1   errors
#   package, without mode            1.000            .000             .100
#   package, "normalize"             .000             .516             .481
#   the same, with the shares        1.000            .000             .100
# "the same, with the shares" adds the share of each class to its output.
#
# Matters for: classes of different sizes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps esntorch==1.0.6
venv/bin/python -W ignore - <<'PY'
import torch
from esntorch.core.learning_algo import RidgeRegression

torch.manual_seed(0)
y = (torch.arange(2000) % 10 == 0).long()
X = torch.randn(2000, 5) + 0.25 * y[:, None]
shares = torch.bincount(y) / len(y)
found = {}
for mode in (None, "normalize"):
    model = RidgeRegression(alpha=1e-3, mode=mode)
    model.fit(X, y)
    found[mode] = model(X)
found["with the shares"] = found["normalize"] + shares
table = {}
for name, outputs in found.items():
    called = outputs.argmax(1)
    table[name] = [outputs.sum(1).mean().item(), called.float().mean().item(), (called != y).float().mean().item()]
    print(f"{name!s:16}", *(f"{value:.3f}" for value in table[name]))
assert model.X_[:, -1].abs().max() < 1e-6
assert abs(table[None][0] - 1) < 0.01 and abs(table["normalize"][0]) < 0.01
assert torch.allclose(found["with the shares"], found[None], atol=0.01)
assert table["normalize"][2] > 3 * table[None][2]
PY

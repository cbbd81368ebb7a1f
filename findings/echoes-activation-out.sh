#!/usr/bin/env bash
# echoes 1.0.2: an output activation is applied to predictions and not undone in the targets
# that they are fitted to: with a sigmoid all predictions lie between 0.5 and 0.73.
#
# Packages: echoes 1.0.2, scikit-learn 1.8.0, scipy 1.17.1, numba 0.68.1, numpy 2.4.6.
#
# Expected: `activation_out` is a function f with "targets = f(outputs)". The linear weights
# are fitted so that f of the outputs comes near to the targets: to the targets brought back
# with the inverse of f.
#
# Happens: the weights are fitted to the targets themselves, and f is applied to the result.
# A perfect fit predicts f(target).
#
# Seen, sigmoid, targets from 0.08 to 0.88, 50 units, 200 steps without the first 20:
#                                         predictions from, to    r2
#   echoes, activation_out=identity        0.08  0.88              1.00
#   echoes, activation_out=sigmoid         0.52  0.71              0.11
#   fitted to the logits of the targets    0.08  0.87              1.00
#
# Matters for: outputs that are to stay between bounds. Bring the targets to the other side
# yourself, fit with the identity, and apply the function to the predictions.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 numba==0.68.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps echoes==1.0.2
venv/bin/python - <<'PY'
import sys
from unittest.mock import MagicMock

import numpy as np

# plots, loaded beside it
sys.modules["echoes.plotting"] = MagicMock()
from echoes import ESNRegressor
from echoes.utils import identity, sigmoid
from sklearn.metrics import r2_score

TRANSIENT = 20
rng = np.random.default_rng(0)
X = rng.normal(size=(200, 1))
logits = np.roll(X, 1, axis=0)
y = 1 / (1 + np.exp(-logits))
targets = y[TRANSIENT:]
print(f"targets from {targets.min():.2f} to {targets.max():.2f}")


def predictions(targets, function):
    model = ESNRegressor(n_reservoir=50, random_state=0, n_transient=TRANSIENT, activation_out=function)
    return model.fit(X, targets).predict(X)[TRANSIENT:]


plain, seen, right = predictions(y, identity), predictions(y, sigmoid), predictions(logits, sigmoid)
for name, found in (("identity", plain), ("sigmoid", seen), ("logits, sigmoid", right)):
    print(f"{name:16} {found.min():.2f} {found.max():.2f} {r2_score(targets, found):.2f}")
assert r2_score(targets, plain) > 0.95 and r2_score(targets, right) > 0.99
assert r2_score(targets, seen) < 0.2 and np.allclose(seen, 1 / (1 + np.exp(-plain)))
assert seen.min() > 0.49 and seen.max() < 0.74
PY

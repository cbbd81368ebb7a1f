#!/usr/bin/env bash
# easyesn 0.1.6.1: a classifier that is always right reports a training error of 2.5: its output
# function is not the inverse of the one that the targets go through.
#
# Packages: easyesn 0.1.6.1, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, dill 0.4.1, progressbar2
# 4.6.0, multiprocess 0.70.19. A name that scipy has moved since is put where it was.
#
# Expected: `ClassificationESN.fit` returns the root mean square of what the network says, through
# `out_activation`, less the classes as 0 and 1. The targets went through `out_inverse_activation`,
# ln((.98 y + .01) / (.99 - .98 y)), so that a perfect network has an error of 0.
#
# Happens: the inverse of that is (1 / (1 + exp(-x)) - .01) / .98. What stands there is
# .1 + .98 x / (1 + exp(-x)): x itself, about, for large x, 4.6 for a class of 1.
#
# Seen, two classes told apart by the sign of a constant input, 100 sequences, all classified right:
#   training error, found                           2.52
#   by the inverse                                  0.00
#   out_activation(out_inverse_activation(y))       y = 0: 0.05, y = 1: 4.56
#
# Matters for: choosing networks by their training error. It is least for outputs around 0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 dill==0.4.1 progressbar2==4.6.0 multiprocess==0.70.19
venv/bin/pip install --quiet --disable-pip-version-check --no-deps easyesn==0.1.6.1
HOME=$work venv/bin/python -W ignore - <<'PY'
import sys
import types

import numpy as np
import scipy.sparse.linalg

# where one exception was in older versions of scipy
for name in ("eigen", "eigen.arpack", "eigen.arpack.arpack"):
    module = sys.modules[f"scipy.sparse.linalg.{name}"] = types.ModuleType(name)
    module.__path__, module.ArpackNoConvergence = [], scipy.sparse.linalg.ArpackNoConvergence
from easyesn import ClassificationESN

np.random.seed(0)
rng = np.random.default_rng(0)
ROWS, STEPS = 100, 40
labels = rng.integers(0, 2, size=ROWS)
classes = np.eye(2)[labels]
x = np.repeat((2.0 * labels - 1)[:, None, None], STEPS, axis=1)
network = ClassificationESN(n_input=1, n_reservoir=50, n_classes=2, solver="lsqr", regressionParameters=[1e-6])
error = network.fit(x, classes)
accuracy = float((network.predict(x) == classes).all(axis=1).mean())
there_and_back = [float(network.out_activation(network.out_inverse_activation(value))) for value in (0.0, 1.0)]


def inverse(value):
    return (1 / (1 + np.exp(-value)) - 0.01) / 0.98


outputs = (network._W_out @ network._X).T[::STEPS]
right = float(np.sqrt(np.mean((inverse(outputs) - classes) ** 2)))
print(f"accuracy {accuracy}, training error {error:.3f}, by the inverse {right:.4f}, there and back {there_and_back}")
assert np.allclose(inverse(network.out_inverse_activation(np.array([0.0, 1.0]))), [0, 1])
assert accuracy == 1 and error > 2 and right < 0.05
PY

#!/usr/bin/env bash
# echoes 1.0.2: an array of input shifts is replaced by the input scaling.
#
# Packages: echoes 1.0.2, scikit-learn 1.8.0, scipy 1.17.1, numba 0.68.1, numpy 2.4.6.
#
# Expected: `input_shift`, "float or np.ndarray of length n_inputs", is added to each input
# after it has been scaled.
#
# Happens: one number is. Of an array, the lines that add it look at, and add, the array of
# scalings: the shifts have no effect. Without scalings, or with one number, a shift of each
# input raises "wrong input scaling type".
#
# Seen, a reservoir of 20, inputs 0.1257 and -0.1321, scalings 0.5 and 2:
#   input_shift      reservoir is fed
#   10 and 20        0.5629    1.7358     right: 10.0629   19.7358
#   -3 and 0         0.5629    1.7358     right: -2.9371   -0.2642
# Predictions of both are equal to the last bit.
#
# Matters for: searches over hyperparameters, and inputs of different units: the documented
# way to centre them moves each by its own scaling, and nothing says so.
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
from echoes.reservoir import ReservoirLeakyNeurons

SCALING = np.array([0.5, 2.0])
rng = np.random.default_rng(0)
X, y = rng.normal(size=(200, 2)), rng.normal(size=(200, 1))
fed = []
harvest = ReservoirLeakyNeurons.harvest_states


def listen(self, X, y, initial_state=None):
    fed.append(X.copy())
    return harvest(self, X, y, initial_state)


ReservoirLeakyNeurons.harvest_states = listen


def fitted(shift, scaling=SCALING):
    return ESNRegressor(n_reservoir=20, random_state=0, input_scaling=scaling, input_shift=shift).fit(X, y)


print("inputs", *X[0].round(4))
predictions = []
for shift in ([10.0, 20.0], [-3.0, 0.0]):
    predictions.append(fitted(np.array(shift)).predict(X))
    right = X * SCALING + shift
    print("shift", *shift, " fed", *fed[-1][0].round(4), " right", *right[0].round(4))
    assert np.allclose(fed[-1], X * SCALING + SCALING) and not np.allclose(fed[-1], right)
assert (predictions[0] == predictions[1]).all()
fitted(3.0)
assert np.allclose(fed[-1], X * SCALING + 3)
for scaling in (None, 2.0):
    try:
        fitted(np.array([10.0, 20.0]), scaling)
    except ValueError as error:
        assert "wrong input scaling type" in str(error)
    else:
        raise AssertionError(scaling)
PY

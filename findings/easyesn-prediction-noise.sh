#!/usr/bin/env bash
# easyesn 0.1.6.1: the noise of training is in every prediction too, and in all units at once: two
# predictions of one input differ.
#
# Packages: easyesn 0.1.6.1, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, dill 0.4.1, progressbar2
# 4.6.0, multiprocess 0.70.19. A name that scipy has moved since is put where it was.
#
# Expected: `noiseLevel` is the "magnitude of noise that is added to the input while fitting to
# prevent overfitting". After fitting there is none: equal inputs from equal states have equal
# predictions.
#
# Happens: the step that both fitting and predicting take adds it. It is one number a step, the
# same for each unit, whatever its weights to the input are; and as it is uniform around 0, a
# weight of 0 to the input does not keep it out.
#
# Seen, 50 units that repeat the input of the step before, noise of 0.1, from a state of zeros:
#   error without noise in the prediction    0.0096
#   error of a prediction                    0.0112
#   two predictions apart by (rms)           0.0087
#
# Matters for: comparing networks by one prediction, and for forecasts that go on from themselves.
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
from easyesn import PredictionESN

np.random.seed(0)
rng = np.random.default_rng(0)
inputs = rng.uniform(-1, 1, size=(1000, 1))
targets = np.roll(inputs, 1, axis=0)
network = PredictionESN(n_input=1, n_reservoir=50, n_output=1, noiseLevel=0.1, spectralRadius=0.8, solver="lsqr", regressionParameters=[1e-6])
network.fit(inputs, targets, transientTime=20)


def rms(values):
    return float(np.sqrt(np.mean(values[20:] ** 2)))


first, second = (network.predict(inputs, continuation=False) for _ in range(2))
network._noiseLevel = 0.0
quiet, again = (network.predict(inputs, continuation=False) for _ in range(2))
print(f"error of two predictions {rms(first - targets):.4f}, {rms(second - targets):.4f}, apart by {rms(first - second):.4f}")
print(f"error without noise {rms(quiet - targets):.4f}, apart by {rms(quiet - again)}")
assert rms(quiet - again) == 0
assert rms(first - second) > 1e-3 and rms(first - targets) > 1.1 * rms(quiet - targets)
PY

#!/usr/bin/env bash
# easyesn 0.1.6.1: the transient time of a prediction is not used: what was left out of training is
# averaged into every answer.
#
# Packages: easyesn 0.1.6.1, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, dill 0.4.1, progressbar2
# 4.6.0, multiprocess 0.70.19. A name that scipy has moved since is put where it was.
#
# Expected: `RegressionESN.fit(..., transientTime=30)` learns from the steps after the 30th, and
# `predict(..., transientTime=30)` averages the output over the steps after the 30th.
#
# Happens: in `predict`, as in everything of `ClassificationESN`, the number is passed on in the
# second place, which is that of the targets; without feedback these are not looked at. All
# steps are averaged, with the beginning, for which nothing was learned.
#
# Seen, 100 sequences of 30 random steps and 10 of the number that is to be told, between -1 and 1:
#   transient time      0       30
#   error, right        0.47    0.00
#   error, found        0.47    0.47
# "right" is the average of the network's own outputs after that time.
#
# Matters for: sequences with a beginning that is to be left out; a classifier with a transient
# time raises when it is trained, and ignores it when it predicts.
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
from easyesn import RegressionESN

np.random.seed(0)
rng = np.random.default_rng(0)
ROWS, NOISE, STEPS = 100, 30, 40
targets = rng.uniform(-1, 1, size=(ROWS, 1))
x = np.concatenate([rng.uniform(-1, 1, size=(ROWS, NOISE, 1)), np.repeat(targets[:, None], STEPS - NOISE, axis=1)], axis=1)
network = RegressionESN(n_input=1, n_reservoir=50, n_output=1, spectralRadius=0.5, solver="lsqr", regressionParameters=[1e-6])
network.fit(x, targets, transientTime=NOISE)


def right(row, time):
    """The mean of the outputs after this time, by the trained weights."""
    network.resetState()
    return float((network._WOut @ network.propagate(row))[:, time:].mean())


found = {}
for time in (0, NOISE):
    values = np.array([[right(row, time)] for row in x])
    predictions = network.predict(x, transientTime=time)
    found[time] = [float(np.sqrt(np.mean((value - targets) ** 2))) for value in (values, predictions)]
    print(f"transient time {time}: error, right {found[time][0]:.3f}, found {found[time][1]:.3f}")
assert np.isclose(*found[0]) and found[NOISE][1] == found[0][1]
assert found[NOISE][0] < 0.1 * found[NOISE][1]
PY

#!/usr/bin/env bash
# easyesn 0.1.6.1: a new input scaling changes the bias by the old one and leaves the input as it is.
#
# Packages: easyesn 0.1.6.1, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, dill 0.4.1, progressbar2
# 4.6.0, multiprocess 0.70.19. A name that scipy has moved since is put where it was.
#
# Expected: a network that is made with `inputScaling=0.5` and set to 2 afterwards has the input
# weights of one that is made with 2: four times what they were, and the bias untouched.
#
# Happens: the new factor is stored and not used. The weights are multiplied by the old scaling
# over itself, 1 for the input and 1 / 0.5 for the bias. Set three times to anything, the bias
# has been divided by what the scaling was each time.
#
# Seen, one input, a scaling of 0.5 that is set to 2, then to 2 again; factors of the weights:
#                     bias           input
#   right             1, 1           4, 4
#   found             2, 1           1, 1
# With two inputs or more it raises.
#
# Matters for: searches that set the scaling of one network: all scalings look alike.
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
OLD, NEW = 0.5, 2.0
network = PredictionESN(n_input=1, n_reservoir=20, n_output=1, inputScaling=OLD)
before, factors = np.array(network._WInput), []
for _ in range(2):
    network.setInputScaling(NEW)
    factors.append((np.asarray(network._WInput) / before).mean(axis=0))
np.random.seed(0)
right = np.array(PredictionESN(n_input=1, n_reservoir=20, n_output=1, inputScaling=NEW)._WInput) / before
print("right", right.mean(axis=0), "found", *factors)
assert np.allclose(right, [1, NEW / OLD])
assert np.allclose(factors, [[1 / OLD, 1], [1 / OLD / NEW, 1]])
PY

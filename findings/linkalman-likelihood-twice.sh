#!/usr/bin/env bash
# linkalman 0.11.5: the log-likelihood is twice as large as it is, less a constant.
#
# Packages: linkalman 0.11.5, numpy 1.26.4, scipy 1.11.4, pandas 2.2.3, networkx 3.4.2.
#
# Expected: `get_LL`: "Calculate the marginal likelihood of Yt", and `get_LLY`, "log likelihood from Kalman filters":
# the logarithm of the Gaussian density of all numbers.
#
# Happens: minus the sum of ln v + e^2 / v over all steps is given back. Half of it, less n ln(2 pi) / 2, is the
# logarithm.
#
# Seen, 50 numbers of an autoregression of .5 with noise:
#   decay         density of all numbers    get_LL
#   .5                   -86.99              -82.08
#   .9                   -88.98              -86.06
#   difference             1.99                3.98
#
# Matters for: comparing models by it: a likelihood ratio, AIC or BIC weighs the data twice.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.11.4 pandas==2.2.3 networkx==3.4.2 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation linkalman==0.11.5
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version
from math import isclose, log, pi

import numpy as np
from linkalman.core import Filter
from linkalman.core.utils import ft
from scipy.stats import multivariate_normal

STEPS = 50
print("linkalman", version("linkalman"), "numpy", np.__version__)


def exact(numbers, decay):
    """ln of the joint density: a stationary autoregression with innovations and noise of variance 1."""
    lags = np.abs(np.subtract.outer(np.arange(STEPS), np.arange(STEPS)))
    return multivariate_normal.logpdf(numbers, np.zeros(STEPS), decay**lags / (1 - decay**2) + np.eye(STEPS))


def package(numbers, decay):
    one = np.array([[1.0]])
    kalman = Filter(lambda theta, steps: ft(theta, lambda theta: {"F": one * decay, "H": one, "Q": one, "R": one}, steps))
    kalman.fit([0.0], [np.array([[number]]) for number in numbers])
    return kalman.get_LL()


draw = np.random.default_rng(0)
states = [draw.normal() / (1 - 0.5**2) ** 0.5]
while len(states) < STEPS:
    states.append(0.5 * states[-1] + draw.normal())
numbers = np.array(states) + draw.normal(size=STEPS)
found = {}
for decay in (0.5, 0.9):
    right, found[decay] = exact(numbers, decay), package(numbers, decay)
    print(f"decay {decay}: density {right:.3f} package {found[decay]:.3f}")
    assert isclose((found[decay] - STEPS * log(2 * pi)) / 2, right, abs_tol=1e-6)
right = exact(numbers, 0.5) - exact(numbers, 0.9)
print(f"difference: density {right:.3f} package {found[0.5] - found[0.9]:.3f}")
assert right > 1 and isclose(found[0.5] - found[0.9], 2 * right, abs_tol=1e-6)
PY

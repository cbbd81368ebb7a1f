#!/usr/bin/env bash
# mapykoB 0.0.3: the log-likelihood of a sequence is that of its last symbol.
#
# Packages: mapykoB 0.0.3, numpy 2.4.6.
#
# Expected: `log_likelihood(x)`: "Compute log likelihood log(P(x/lambda)) given an observed sequence x", the logarithm
# of what `likelihood(x)` gives. With scaled forward probabilities that is the sum of the logarithms of all scales.
#
# Happens: only the last scale is taken, ln P(last symbol | those before). The sum in the code is over that one number.
#
# Seen, the README's model of two states:
#   x                       ln of all paths' sum   ln likelihood   log_likelihood
#   1 1 1 0 0 0 0 0                  -5.474            -5.474          -0.714
#   1 1 1 0 0 0 0 0 five times           -             -27.8            -0.714
#   500 draws                          -            -344.1            -0.620
# `log_likelihood_multi` gives the same numbers.
#
# Matters for: choosing among models, and any bits per symbol from it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation mapykoB==0.0.3
venv/bin/python - <<'PY'
from importlib.metadata import version
from itertools import product
from math import isclose, log

import numpy as np
from mapykoB.discreet.hmm_discreet import hmm_discreet

A, B, PI = np.array([[0.7, 0.3], [0.4, 0.6]]), np.array([[0.6, 0.4], [0.3, 0.7]]), np.array([0.5, 0.5])
print("mapykoB", version("mapykoB"), "numpy", np.__version__)


def exact(x):
    """ln P(x), the sum over all paths of states."""
    total = 0.0
    for path in product(range(2), repeat=len(x)):
        p = PI[path[0]] * B[path[0], x[0]]
        for before, now, symbol in zip(path, path[1:], x[1:]):
            p *= A[before, now] * B[now, symbol]
        total += p
    return log(total)


def package(x):
    model = hmm_discreet(2, np.array([x]), 2)
    model.A, model.B, model.pi = A, B, PI
    return log(model.likelihood(x)), model.log_likelihood(x), model.log_likelihood_multi([x])[0]


x = [1, 1, 1, 0, 0, 0, 0, 0]
right = exact(x)
of_last = right - exact(x[:-1])
plain, found, multi = package(x)
print(f"eight: exact {right:.3f} ln likelihood {plain:.3f} package {found:.3f} (last symbol {of_last:.3f})")
assert isclose(right, plain) and isclose(found, of_last) and found == multi and found > right + 4
for name, longer in (("five times", x * 5), ("500 draws", list(np.random.default_rng(0).integers(0, 2, 500)))):
    plain, found, _ = package(longer)
    print(f"{name}: ln likelihood {plain:.1f} package {found:.3f}")
    assert isclose(found, plain - package(longer[:-1])[0], abs_tol=1e-6) and found > plain + 20
PY

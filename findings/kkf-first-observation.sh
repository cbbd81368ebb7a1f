#!/usr/bin/env bash
# kkf 1.0: the first observation is not used, and the first state is said to be known exactly.
#
# Packages: kkf 1.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0.
#
# Expected: `observations` has a row for each step, and `x_plus` and `Px_plus` are the "posterior" of each step "after
# measurement update". `initial_distribution` is that of the initial state, which y_0 = g(x_0) + v_0 observes.
#
# Happens: the recursion starts at the second step. The first row of `x_plus` is the initial mean, whatever was observed;
# the first rows of `Px_plus` and `Px_minus` stay zero, where the initial covariance belongs.
#
# Seen, a linear system in two dimensions, initial covariance 4, noises of variance .1, 4 steps:
#   first observation            3, 1.5          -30, 20
#   first state, exact           2.93, 1.46      -29.3, 19.5     variance .098
#   first state, package         0, 0            0, 0            variance 0
#   all later states             the same for both
#
# Matters for: comparing with another filter, short sequences, and the standard errors of the first step.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps kkf==1.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from kkf import DynamicalSystem, KoopmanOperator, apply_koopman_kalman_filter
from scipy.stats import multivariate_normal
from sklearn.gaussian_process.kernels import RBF

TURN, INITIAL, NOISE = np.array([[0.9, 0.2], [-0.2, 0.9]]), 4.0, 0.1
print("kkf", version("kkf"), "numpy", np.__version__, "scikit-learn", version("scikit-learn"))


def package(observations):
    """The filter's answer; its feature map and noise are drawn from the same seed each time."""
    np.random.seed(0)
    initial, noise = (multivariate_normal(np.zeros(2), variance * np.eye(2)) for variance in (INITIAL, NOISE))
    system = DynamicalSystem(2, 2, lambda x: TURN @ x, lambda x: x, initial, noise, noise, True)
    return apply_koopman_kalman_filter(KoopmanOperator(RBF(length_scale=5.0), system), observations, initial, 40, noise_samples=200)


later = [[3.0, 1.0], [2.7, 0.5], [2.4, 0.0]]
found = []
for first in ([3.0, 1.5], [-30.0, 20.0]):
    answer = package(np.array([first, *later]))
    exact = INITIAL / (INITIAL + NOISE) * np.array(first)
    print("first observation", first, "exact", exact.round(2), f"variance {INITIAL * NOISE / (INITIAL + NOISE):.3f}",
          "package", answer.x_plus[0], "variance", np.diag(answer.Px_plus[0]), "prior", np.diag(answer.Px_minus[0]))
    assert not answer.x_plus[0].any() and not answer.Px_plus[0].any() and not answer.Px_minus[0].any()
    assert (np.diag(answer.Px_plus[1]) > 0.05).all()
    found.append(answer.x_plus)
print("second to fourth state", found[0][1:].round(2).tolist())
assert np.array_equal(*found)
PY

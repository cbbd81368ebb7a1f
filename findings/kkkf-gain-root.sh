#!/usr/bin/env bash
# KKKF 0.11: the Kalman gain is divided by a root of the variance: it depends on the unit, and a filter that should be
# at 1.04 after 39 observations is at .33.
#
# Packages: KKKF 0.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0.
#
# Expected: `apply_koopman_kalman_filter` returns estimates, "S: innovation (residual) covariance matrix" and "K: Kalman
# gain matrix". The gain is P C' S^-1; estimates do not depend on the unit of what is observed.
#
# Happens: the gain is P C' L^-1, where L is the Cholesky factor of S, and L^-1 comes once: with one output it is
# sqrt(S) times the right one. Too small below S = 1, where nothing is learned; above it too large, so that covariances
# become negative: in a unit that is ten times smaller still the factor of the next S does not exist, and it raises.
#
# Seen, a level of 1 (x' = x + .1 w) observed with deviation .5, prior 0 with deviation 1, 40 features
#   unit: all numbers times    gain / right    estimate after 1, 10, 39 observations   variance after 39
#   .01                        .011            .01   .11    .33                        1.00
#   .1                         .10             .11   .68    .97                         .29
#   1                          .58 (t = 3)     1.06  1.19  1.05                         .066
#   Kalman filter, any         1               .96   1.19  1.04                         .045
#
# Matters for: every use of this filter: its example has deviations of .03 to .3, and gains as much too small.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps KKKF==0.11
OPENBLAS_NUM_THREADS=1 venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from KKKF.applyKKKF import apply_koopman_kalman_filter
from KKKF.DynamicalSystems import DynamicalSystem
from KKKF.kEDMD import KoopmanOperator
from scipy import stats
from sklearn.gaussian_process.kernels import Matern

STEPS, FEATURES, MOVES, NOISE, SHOWN = 40, 40, 0.1, 0.5, [1, 10, 39]
print("KKKF", version("KKKF"), "numpy", np.__version__)


def same(x):
    return 1.0 * x


def normal(deviation):
    return stats.multivariate_normal([0.0], [[deviation**2]])


def filtered(unit):
    """The package's filter, with all lengths in that unit, and its gains divided by P C' S^-1."""
    np.random.seed(0)
    system = DynamicalSystem(1, 1, same, same, stats.uniform(-4 * unit, 8 * unit), normal(MOVES * unit),
                             normal(NOISE * unit), True)
    observed = (1 + NOISE * np.random.standard_normal((STEPS, 1))) * unit
    operator = KoopmanOperator(Matern(length_scale=4 * unit, nu=1.5), system)
    solution = apply_koopman_kalman_filter(operator, observed, normal(unit), FEATURES, optimize=False,
                                           noise_samples=400)
    ratios = [(gain / (before @ operator.C.T @ np.linalg.inv(spread))).ravel() for gain, before, spread
              in zip(solution.K[1:], solution.Pz_minus[1:], solution.S[1:])]
    assert np.allclose(ratios, np.sqrt(solution.S[1:, 0]), rtol=1e-4)
    return observed[:, 0] / unit, solution.x_plus[:, 0] / unit, solution.Px_plus[:, 0, 0] / unit**2, ratios


def kalman(observed):
    level, spread, levels, spreads = 0.0, 1.0, [0.0], [1.0]
    for value in observed[1:]:
        spread += MOVES**2
        gain = spread / (spread + NOISE**2)
        level, spread = level + gain * (value - level), (1 - gain) * spread
        levels.append(level)
        spreads.append(spread)
    return np.array(levels), np.array(spreads)


for unit in (0.01, 0.1, 1.0):
    observed, levels, spreads, ratios = filtered(unit)
    right, right_spreads = kalman(observed)
    print(f"unit {unit}: gain / right {ratios[2][0]:.4f}; estimates {levels[SHOWN].round(3).tolist()}, "
          f"Kalman {right[SHOWN].round(3).tolist()}; variance {spreads[-1]:.3f}, Kalman {right_spreads[-1]:.3f}")
    if unit == 0.01:
        assert right[-1] > 1 > 0.4 > levels[-1] and spreads[-1] > 0.9 > 0.05 > right_spreads[-1]
    assert ratios[2][0] < min(2 * unit, 0.7)
PY

#!/usr/bin/env bash
# econsieve 0.0.9: the ensemble filter draws the noise of state and observation from one seed, so
# that they are the same numbers: after some steps it is certain, where the variance is 0.62.
#
# Packages: econsieve 0.0.9, grgrlib 0.2.1, numpy 2.4.6, scipy 1.17.1, numba 0.68.1, matplotlib 3.11.2,
# tqdm 4.70.1.
#
# Expected: `TEnKF` perturbs the observations by draws of their noise and moves the states by
# draws of theirs. Means and variances of a large ensemble of a linear model are those of the
# Kalman filter.
#
# Happens: both are quasi-random draws by an engine that is made anew for each with the same seed, 0
# unless another is given, which both get as well. Where there are as many shocks as
# observations, as the filter takes it that there are, they are the same standard normal numbers.
#
# Seen, a random walk seen with noise, variances 1 and 1, 2,000 particles, 200 steps:
#                                  variance at the end     mean squared error of the mean
#   Kalman filter                  .618                    .659
#   TEnKF                          .0003                   .720
#   TEnKF, an engine without seed  .629                    .655
#
# Matters for: likelihoods and smoothed shocks from the ensemble. Pass `qmc_engine`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 numba==0.68.1 matplotlib==3.11.2 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps econsieve==0.0.9 grgrlib==0.2.1
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from econsieve.tenkf import TEnKF
from scipy.stats.qmc import LatinHypercube

STEPS, PARTICLES = 200, 2000
rng = np.random.default_rng(0)
walk = np.cumsum(rng.normal(size=STEPS))
seen = walk + rng.normal(size=STEPS)


def kalman():
    mean, variance, means = 0.0, 1.0, []
    for value in seen:
        variance += 1
        gain = variance / (variance + 1)
        mean += gain * (value - mean)
        variance *= 1 - gain
        means.append(mean)
    return np.array(means), variance


def ensemble(engine):
    model = TEnKF(PARTICLES, dim_x=1, dim_z=1, fx=lambda state, shock: (state + shock, False), hx=lambda states: states, qmc_engine=engine)
    model.batch_filter(seen[:, None])
    return model.Xs[:, 0].mean(1), model.Xs[-1, 0].var()


found = {}
streams = np.random.default_rng(1)
engines = {"TEnKF": ensemble(None), "TEnKF, an engine without seed": ensemble(lambda size: LatinHypercube(size, rng=streams))}
for name, (means, variance) in {"Kalman filter": kalman(), **engines}.items():
    found[name] = variance, np.mean((means - walk) ** 2)
    print(f"{name}: variance {variance:.4f}, mean squared error {found[name][1]:.4f}")
assert abs(found["Kalman filter"][0] - 0.618) < 0.001 and found["TEnKF"][0] < 0.01
assert abs(found["TEnKF, an engine without seed"][0] - 0.618) < 0.06
assert found["TEnKF"][1] > found["Kalman filter"][1] + 0.03
PY

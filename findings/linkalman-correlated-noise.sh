#!/usr/bin/env bash
# linkalman 0.11.5: with correlated observation noise the filter depends on the order of the observations: a
# factor whose rows are exchanged is taken for a triangular one.
#
# Packages: linkalman 0.11.5, numpy 1.26.4, scipy 1.11.4, pandas 2.2.3, networkx 3.4.2.
#
# Expected: `R` is any covariance matrix of the observation noise. The filter makes it diagonal by its LDL
# factors and takes one observation after the other: the same states as an update with all at once, in
# whichever order the observations are.
#
# Happens: `scipy.linalg.ldl` exchanges rows where the first variance is small beside a covariance (Bunch and
# Kaufman), and says so in the permutation that it gives back. linkalman throws that away and inverts the
# factor by a routine for lower triangular ones. With two sensors that is so when the first is the better one
# and correlation times the ratio of deviations is above 1.56.
#
# Seen, an autoregression of .95, two sensors, deviations 1 and 4, correlation .9, 2,000 steps; mean squared error
# of the forecast of the state, and the variance said:
#                             plain filter      linkalman
#   better sensor second      1.22, said 1.22   1.22, said 1.22
#   better sensor first       1.22, said 1.22   1.76, said 1.14
# With deviations of 1 and 10 and a correlation of .3, 1.53, said 1.53, and 1.58, said 1.51.
#
# Matters for: sensors of different quality that share a disturbance.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.11.4 pandas==2.2.3 networkx==3.4.2 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation linkalman==0.11.5
venv/bin/python -W ignore - <<'PY'
import numpy as np
from linkalman.core import Filter
from linkalman.core.utils import ft

STEPS = 2000
DECAY, STEP = np.array([[0.95]]), np.array([[1.0]])


def plain(observations, look, noise):
    """Forecast means and variances, all observations of a step at once."""
    mean, variance, found = 0.0, 1 / (1 - 0.95**2), []
    for seen in observations:
        found.append((mean, variance))
        gain = variance * look.T @ np.linalg.inv(variance * look @ look.T + noise)
        mean, variance = mean + (gain @ (seen - look[:, 0] * mean))[0], variance * (1 - (gain @ look)[0, 0])
        mean, variance = 0.95 * mean, 0.95**2 * variance + 1
    return np.array(found)


def theirs(observations, look, noise):
    model = lambda theta: {"F": DECAY.copy(), "H": look.copy(), "Q": STEP.copy(), "R": noise.copy()}
    kalman = Filter(lambda theta, steps: ft(theta, model, steps))
    kalman.fit([0.0], [seen[:, None] for seen in observations])
    _, _, means, variances = kalman.get_filtered_val()
    return np.array([(mean.item(), variance.item()) for mean, variance in zip(means, variances)])


draw = np.random.default_rng(0)
state, states = draw.normal() / (1 - 0.95**2) ** 0.5, []
for _ in range(STEPS):
    states.append(state)
    state = 0.95 * state + draw.normal()
states, look = np.array(states), np.array([[1.0], [1.0]])
noise = np.array([[1.0, 3.6], [3.6, 16.0]])  # deviations 1 and 4, correlation .9
observations = states[:, None] + draw.multivariate_normal([0, 0], noise, STEPS)

for name, order in (("better sensor second", [1, 0]), ("better sensor first", [0, 1])):
    seen, covariance = observations[:, order], noise[np.ix_(order, order)]
    right, found = plain(seen, look, covariance), theirs(seen, look, covariance)
    errors = [np.mean((forecast[:, 0] - states) ** 2) for forecast in (right, found)]
    print(f"{name}: plain error {errors[0]:.2f}, said {right[-1, 1]:.2f}; linkalman error {errors[1]:.2f}, said {found[-1, 1]:.2f}, farthest apart {np.abs(right - found).max():.2f}")
    assert abs(errors[0] - right[-1, 1]) < 0.1
    if order == [1, 0]:
        assert np.allclose(right, found)
    else:
        assert errors[1] > 1.3 * errors[0] and found[-1, 1] < right[-1, 1] - 0.05
PY

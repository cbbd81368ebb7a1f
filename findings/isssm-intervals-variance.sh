#!/usr/bin/env bash
# isssm 0.2.0: intervals of filter and smoother are made with variances in the place of standard
# deviations: 95 % intervals contain 50 %, or all.
#
# Packages: isssm 0.2.0, jax 0.6.1, jaxtyping 0.3.2, tensorflow-probability 0.25.0, numpy 2.2.6,
# scipy 1.15.3.
#
# Expected: `filter_intervals(result, alpha)` and `smoother_intervals(result, alpha)` contain each
# state with probability 1 - alpha: the mean, more or less 1.96 standard deviations.
#
# Happens: the diagonal of the covariance is given to a normal distribution as its scale, which is a
# standard deviation. The intervals are too narrow where it is below one, too wide above, and change
# with the unit.
#
# Seen, a random walk seen with noise, alpha = .05, 2,000 series of 20 steps; share of the states in
#   in units of        1        10       .1
#   filter interval    .612     1.000    .069
#   smoother interval  .504     1.000    .054
#   with 1.96 standard deviations, filter and smoother, .95 each
#
# Matters for: every interval; take the square roots.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.6.1 jaxlib==0.6.1 jaxtyping==0.3.2
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.2.6 scipy==1.15.3 tensorflow-probability==0.25.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps isssm==0.2.0
JAX_ENABLE_X64=1 venv/bin/python -W ignore - <<'PY'
import jax
import numpy as np
from isssm.kalman import filter_intervals, kalman, smoother, smoother_intervals
from isssm.models.glssm import lcm

STEPS, SERIES, NOISE, ERROR = 20, 2000, 0.1, 0.5


def shares(unit):
    """Share of the states inside filter and smoother intervals, of the package and with deviations."""
    rng = np.random.default_rng(0)
    states = np.cumsum(rng.normal(size=(SERIES, STEPS)) * np.r_[1.0, np.full(STEPS - 1, NOISE**0.5)], axis=1)
    seen = states + ERROR**0.5 * rng.normal(size=states.shape)
    states, seen = unit * states, unit * seen
    model = lcm(STEPS - 1, 0.0, unit**2, unit**2 * NOISE, unit**2 * ERROR)

    @jax.vmap
    def run(series):
        filtered = kalman(series[:, None], model)
        smoothed = smoother(filtered, model.A)
        return filter_intervals(filtered), filtered.x_filt, filtered.Xi_filt, smoother_intervals(smoothed), *smoothed

    found = [np.asarray(array)[..., 0] for array in run(seen)]
    result = []
    for interval, mean, variance in (found[:3], found[3:]):
        inside = ((interval[:, 0] <= states) & (states <= interval[:, 1])).mean()
        result += [inside, (abs(states - mean) <= 1.96 * variance[..., 0] ** 0.5).mean()]
    return result


for unit in (1.0, 10.0, 0.1):
    filtered, right_filtered, smoothed, right_smoothed = shares(unit)
    print(f"unit {unit}: filter {filtered:.3f}, smoother {smoothed:.3f}; with deviations {right_filtered:.3f} and {right_smoothed:.3f}")
    assert abs(right_filtered - 0.95) < 0.01 and abs(right_smoothed - 0.95) < 0.01
    if unit == 10.0:
        assert filtered > 0.999 and smoothed > 0.999
    else:
        assert max(filtered, smoothed) < 0.8
PY

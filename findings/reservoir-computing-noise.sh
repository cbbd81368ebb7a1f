#!/usr/bin/env bash
# reservoir-computing 1.0.2: noise that is called Gaussian is uniform from 0 on: it pushes every
# unit in one direction, by half of its level.
#
# Packages: reservoir-computing 1.0.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `noise_level` is the "standard deviation of the Gaussian noise injected in the state
# update": mean 0, that deviation, as often down as up.
#
# Happens: the noise is `rand` times the level: between 0 and the level, with a mean of one half
# and a deviation of 0.29 of it. (It is there when a trained model is applied, too.)
#
# Seen, 200 units, level 0.1, no input, noise in units of the level:
#   right  mean 0.00  deviation 1.00  negative 50 %
#   found  mean 0.50  deviation 0.29  negative 0 %
#   mean state after 50 steps, connections of 0.5: without noise 0, with it 0.053
#
# Matters for: regularisation by noise: what is found with a level is found with a constant
# drive and three tenths of the noise.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps reservoir-computing==1.0.2
venv/bin/python - <<'PY'
import numpy as np
from reservoir_computing.reservoir import Reservoir

UNITS, LEVEL, STEPS = 200, 0.1, 50


def states(level):
    """The states of all units on 20 sequences without input."""
    np.random.seed(0)
    reservoir = Reservoir(n_internal_units=UNITS, spectral_radius=0.5, leak=None, connectivity=0.3, noise_level=level)
    return reservoir.get_states(np.zeros((20, STEPS, 1)), bidir=False)


noise = np.arctanh(states(LEVEL)[:, 0]) / LEVEL  # the first step has nothing else
print(f"noise in units of its level: mean {noise.mean():.2f}  deviation {noise.std():.2f}  negative {(noise < 0).mean():.0%}  largest {noise.max():.3f}")
assert abs(noise.mean() - 0.5) < 0.02 and abs(noise.std() - 12**-0.5) < 0.02
assert noise.min() >= 0 and noise.max() <= 1 + 1e-9
quiet, driven = states(0.0)[:, -1].mean(), states(LEVEL)[:, -1].mean()
print(f"mean state after {STEPS} steps: without noise {quiet:.3f}  with noise {driven:.3f}")
assert quiet == 0 and driven > 0.03
PY

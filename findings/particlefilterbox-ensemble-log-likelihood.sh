#!/usr/bin/env bash
# particlefilterbox 0.1.0: an ensemble filter scores each observation with the particles
# that have been moved towards it.
#
# Packages: particlefilterbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: the log-likelihood is the sum of the log densities of each observation given
# those before it, as of the Kalman filter, to which an ensemble filter converges in a
# linear Gaussian model.
#
# Happens: the observation is predicted from the updated ensemble, which has seen it: its
# mean is too near, its spread too small. States are right.
#
# Seen, a linear Gaussian model, 40 observations, 5000 particles:
#                          noise 0.4, the true one   noise 0.1
#   Kalman filter          -60.05                    -63.65
#   bootstrap filter       -60.10                    -63.82
#   ensemble filter        -32.99                     -5.83
#   each given itself      -32.99                     -5.83
#
# Matters for: comparing models by an ensemble filter, here or as a part of particle
# MCMC: the less noise a model assumes the better it looks, as it follows every number.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check particlefilterbox==0.1.0 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/python - <<'PY' 2>/dev/null
import numpy as np
from particlefilterbox.core.config import PFConfig
from particlefilterbox.core.model import ParticleFilterModel
from particlefilterbox.filters import EnsemblePF, BootstrapPF

KEEP, DRIFT, NOISE, STEPS = 0.9, 0.5, 0.4, 40


class Walk(ParticleFilterModel):
    k_states = k_obs = 1

    def __init__(self, noise):
        self.noise, self.sigma_y = noise, noise**0.5

    def initial_distribution(self, n, rng):
        return rng.normal(0, 1, (n, 1))

    def transition(self, particles, t, rng):
        return KEEP * particles + rng.normal(0, DRIFT**0.5, particles.shape)

    def log_observation_likelihood(self, particles, y, t):
        return -0.5 * np.log(2 * np.pi * self.noise) - (y[0] - particles[:, 0]) ** 2 / (2 * self.noise)


def kalman(observations, noise):
    """Log-likelihood, that of each observation given itself too, filtered means."""
    mean, variance, total, seen, means = 0.0, 1.0, 0.0, 0.0, []
    for y in observations:
        mean, variance = KEEP * mean, KEEP**2 * variance + DRIFT
        spread = variance + noise
        total -= 0.5 * (np.log(2 * np.pi * spread) + (y - mean) ** 2 / spread)
        mean, variance = mean + variance / spread * (y - mean), variance * noise / spread
        seen -= 0.5 * (np.log(2 * np.pi * (variance + noise)) + (y - mean) ** 2 / (variance + noise))
        means.append(mean)
    return total, seen, np.array(means)


rng = np.random.default_rng(0)
state, observations = 0.0, np.empty(STEPS)
for t in range(STEPS):
    state = KEEP * state + rng.normal(0, DRIFT**0.5)
    observations[t] = state + rng.normal(0, NOISE**0.5)


def report(noise):
    right, seen, means = kalman(observations, noise)
    print(f"noise {noise}: Kalman {right:.2f}, each given itself {seen:.2f}", end="")
    totals = []
    for kind in (BootstrapPF, EnsemblePF):
        result = kind(Walk(noise), PFConfig(n_particles=5000, seed=1)).filter(observations)
        off = np.abs(result.filtered_means[:, 0] - means).max()
        totals.append(result.log_likelihood)
        print(f"  {kind.__name__} {result.log_likelihood:.2f}, states within {off:.2f}", end="")
        assert off < 0.2
    print()
    assert abs(totals[0] - right) < 1, "the bootstrap filter is right"
    assert abs(totals[1] - seen) < 1 and seen > right + 20, "the ensemble filter is not"
    return right, totals[1]


near, far = report(NOISE), report(0.1)
assert near[0] > far[0] + 3 and near[1] < far[1], "the order of the models is not turned round"
PY

#!/usr/bin/env bash
# particlefilterbox 0.1.0: the log-likelihood of an auxiliary particle filter is 5.5 where
# −60.1 is right.
#
# Packages: particlefilterbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: particles are chosen with weights times a guess of the likelihood, moved, and
# weighted by likelihood over guess. The likelihood of the observation is the sum of
# weights times guesses, times the mean of the second weights (Pitt & Shephard 1999). It
# estimates what the other filters estimate.
#
# Happens: the first factor is left out. What is returned is the mean of likelihood over
# guess, near 1 the better the guess is: its logarithm is near 0, whatever the data.
# States are right.
#
# Seen, a linear Gaussian model, 40 observations, 5000 particles:
#                      noise 0.4, the true one   noise 0.1
#   Kalman filter      -60.05                    -63.65
#   bootstrap filter   -60.10                    -63.82
#   auxiliary filter     5.50                     73.27
#
# Matters for: comparing models and particle MCMC with this filter: what is maximised is
# not the likelihood, and a model with less noise than there is looks better.
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
from particlefilterbox.filters import AuxiliaryPF, BootstrapPF

KEEP, DRIFT, NOISE, STEPS = 0.9, 0.5, 0.4, 40


class Walk(ParticleFilterModel):
    k_states = k_obs = 1

    def __init__(self, noise):
        self.noise = noise

    def initial_distribution(self, n, rng):
        return rng.normal(0, 1, (n, 1))

    def transition(self, particles, t, rng):
        return KEEP * particles + rng.normal(0, DRIFT**0.5, particles.shape)

    def transition_mean(self, particles, t):
        return KEEP * particles

    def log_observation_likelihood(self, particles, y, t):
        return -0.5 * np.log(2 * np.pi * self.noise) - (y[0] - particles[:, 0]) ** 2 / (2 * self.noise)


def kalman(observations, noise):
    mean, variance, total, means = 0.0, 1.0, 0.0, []
    for y in observations:
        mean, variance = KEEP * mean, KEEP**2 * variance + DRIFT
        spread = variance + noise
        total -= 0.5 * (np.log(2 * np.pi * spread) + (y - mean) ** 2 / spread)
        mean, variance = mean + variance / spread * (y - mean), variance * noise / spread
        means.append(mean)
    return total, np.array(means)


rng = np.random.default_rng(0)
state, observations = 0.0, np.empty(STEPS)
for t in range(STEPS):
    state = KEEP * state + rng.normal(0, DRIFT**0.5)
    observations[t] = state + rng.normal(0, NOISE**0.5)


def report(noise):
    right, means = kalman(observations, noise)
    print(f"noise {noise}: Kalman {right:.2f}", end="")
    totals = []
    for kind in (BootstrapPF, AuxiliaryPF):
        result = kind(Walk(noise), PFConfig(n_particles=5000, seed=1)).filter(observations)
        off = np.abs(result.filtered_means[:, 0] - means).max()
        totals.append(result.log_likelihood)
        print(f"  {kind.__name__} {result.log_likelihood:.2f}, states within {off:.2f}", end="")
        assert off < 0.3
    print()
    assert abs(totals[0] - right) < 1, "the bootstrap filter is right"
    assert totals[1] > right + 30, "the auxiliary filter is not"
    return right, totals[1]


near, far = report(NOISE), report(0.1)
assert near[0] > far[0] + 3 and near[1] < far[1], "the order of the models is not turned round"
PY

#!/usr/bin/env bash
# particlefilterbox 0.1.0: a Rao-Blackwellised filter adds up log-likelihoods of all the
# steps before, and is at 0 where a measurement is missing.
#
# Packages: particlefilterbox 0.1.0, kalmanbox 0.1.0, numpy 2.4.6, scipy 1.17.1,
# pandas 2.3.3.
#
# Expected: with nothing left to the particles every one of them is the same Kalman
# filter, so that the log-likelihood is that filter's, for any number of particles. At a
# missing measurement the state is predicted, and its covariance grows.
#
# Happens: weights are not normalised until particles are resampled, so that the sum of
# the weights, the increment of the log-likelihood, holds all earlier steps once more;
# and log N is subtracted at each step from weights that hold it already. At a missing
# measurement mean and covariance are reported as 0, and the linear state is not
# predicted: the next step starts as if no time had passed.
#
# Seen, 40 observations, log-likelihood:
#   Kalman filter   -60.05
#   10 particles    -1281.03
#   100 particles   -1373.13
# and the filtered mean around a missing measurement (step 10), with the variance:
#   Kalman filter   -1.672 (.255)  -1.505 (.707)  -1.795 (.291)
#   particles       -1.672 (.255)   0.000 (.000)  -1.795 (.255)
#
# Matters for: estimating a mixed model by its likelihood, and gaps in the data.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps particlefilterbox==0.1.0 kalmanbox==0.1.0
venv/bin/python - <<'PY' 2>/dev/null
import numpy as np
from kalmanbox.core.representation import StateSpaceRepresentation
from particlefilterbox.core.config import PFConfig
from particlefilterbox.core.model import ParticleFilterModel
from particlefilterbox.filters import RaoBlackwellizedPF

KEEP, DRIFT, NOISE, STEPS, GAP = 0.9, 0.5, 0.4, 40, 10


class Walk(ParticleFilterModel):
    """A particle that is always 0 beside a linear state that is a walk."""

    k_states, k_obs, k_nonlinear, k_linear = 2, 1, 1, 1

    def has_linear_substate(self):
        return True

    def initial_distribution(self, n, rng):
        return np.zeros((n, 2))

    def transition(self, particles, t, rng):
        return particles

    def transition_nonlinear(self, particles, t, rng):
        return particles

    def log_observation_likelihood(self, particles, y, t):
        raise NotImplementedError

    def initial_linear_mean(self):
        return np.zeros(1)

    def initial_linear_cov(self):
        return np.eye(1)

    def linear_ssm(self, particle):
        model = StateSpaceRepresentation(1, 1)
        model.T, model.R, model.Q = np.array([[KEEP]]), np.eye(1), np.array([[DRIFT]])
        model.Z, model.H = np.eye(1), np.array([[NOISE]])
        return model


def kalman(observations):
    """Log-likelihood, filtered means and variances."""
    mean, variance, total, states = 0.0, 1.0, 0.0, []
    for y in observations:
        mean, variance = KEEP * mean, KEEP**2 * variance + DRIFT
        if np.isfinite(y):
            spread = variance + NOISE
            total -= 0.5 * (np.log(2 * np.pi * spread) + (y - mean) ** 2 / spread)
            mean, variance = mean + variance / spread * (y - mean), variance * NOISE / spread
        states.append((mean, variance))
    return total, np.array(states)


rng = np.random.default_rng(0)
state, observations = 0.0, np.empty(STEPS)
for t in range(STEPS):
    state = KEEP * state + rng.normal(0, DRIFT**0.5)
    observations[t] = state + rng.normal(0, NOISE**0.5)

right, states = kalman(observations)
print(f"Kalman filter  {right:.2f}")
for particles in (10, 100):
    result = RaoBlackwellizedPF(Walk(), PFConfig(n_particles=particles, seed=1)).filter(observations)
    print(f"{particles} particles  {result.log_likelihood:.2f}")
    assert np.abs(result.filtered_means[:, 1] - states[:, 0]).max() < 1e-9, "the states are right"
    each = np.array([kalman(observations[: t + 1])[0] for t in range(STEPS)])
    assert np.allclose(result.log_likelihoods, each - np.log(particles)), "not the sum up to each step"
    assert result.log_likelihood < right - 1000

observations[GAP] = np.nan
_, states = kalman(observations)
result = RaoBlackwellizedPF(Walk(), PFConfig(n_particles=10, seed=1)).filter(observations)
around = slice(GAP - 1, GAP + 2)
print("Kalman filter ", *(f"{mean:.3f} ({variance:.3f})" for mean, variance in states[around]))
means, variances = result.filtered_means[:, 1], result.filtered_covs[:, 1, 1]
print("particles     ", *(f"{mean:.3f} ({variance:.3f})" for mean, variance in zip(means[around], variances[around])))
assert means[GAP] == variances[GAP] == 0 != states[GAP, 0]
assert abs(variances[GAP + 1] - states[GAP + 1, 1]) > 0.001, "one prediction is left out"
PY

#!/usr/bin/env bash
# smcs 0.2.0: the log-likelihood of a particle filter counts every observation once more for
# each step in which it was not resampled: -2480 where -149 is right.
#
# Packages: smcs 0.2.0, jax 0.9.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `run_bootstrap_filter` estimates log p(y_1 .. y_T), whatever the threshold of the
# effective sample size below which it resamples (by default half of the particles).
#
# Happens: a step adds the log of the mean weight. Weights are carried on unnormalised as long
# as nothing is resampled, so that their mean holds the likelihood of all observations since,
# and that was added in the steps before. The increment should be the ratio of the two means.
# Particles and filtered means are right.
#
# Seen, random walk with noise, 50 steps, 2000 particles, exact from the joint normal density:
#   noise   exact     resampled always   by default (times)   never
#   1      -74.99        -75.09           -234.17 (9)        -1933.47
#   5     -149.01       -149.02          -2480.07 (1)        -3827.26
#
# Matters for: choosing models or parameters by likelihood, and PMMH, SMC^2 and the agents
# of the package; a less informative observation is punished for being resampled less.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check smcs==0.2.0 jax==0.9.0 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import multivariate_normal
from smcs import LocalLevelModel, LocalLevelParams, run_bootstrap_filter

STEPS, WALK, PARTICLES = 50, 0.3, 2000
at = np.arange(STEPS)
for noise in (1.0, 5.0):
    # the level starts at N(0, 1) and moves once before the first observation
    covariance = 1.0 + WALK**2 * (np.minimum.outer(at, at) + 1) + noise**2 * np.eye(STEPS)
    seen = np.random.default_rng(0).multivariate_normal(np.zeros(STEPS), covariance)
    right = multivariate_normal(np.zeros(STEPS), covariance).logpdf(seen)
    params = LocalLevelParams(sigma_obs=jnp.array(noise), sigma_level=jnp.array(WALK), m0=jnp.array(0.0), C0=jnp.array(1.0))
    found = {}
    for threshold in (1.1, 0.5, 0.0):
        state, info = run_bootstrap_filter(
            jax.random.key(0), jnp.array(seen)[:, None], LocalLevelModel(), params, n_particles=PARTICLES, ess_threshold=threshold
        )
        found[threshold] = float(state.log_likelihood)
        print(f"noise {noise}: exact {right:.2f}, smcs {found[threshold]:.2f} with ess_threshold={threshold},",
              f"resampled in {int(info.resampled.sum())} of {STEPS} steps")
    assert abs(found[1.1] - right) < 1, "right when it is resampled in every step"
    assert found[0.5] < right - 100 and found[0.0] < right - 1000
PY

#!/usr/bin/env bash
# isssm 0.2.0: the offset of the observations is left out of smoothed signals and of the likelihood:
# a level of 21 is smoothed as 8 to 16, and the likeliest offset is always 0.
#
# Packages: isssm 0.2.0, jax 0.6.1, jaxtyping 0.3.2, tensorflow-probability 0.25.0, numpy 2.2.6,
# scipy 1.15.3.
#
# Expected: an observation is v + B x + noise. `smoothed_signals` gives v + B x as it is to be
# believed after all observations, `gnll_full` their negative log-likelihood. Adding 20 to all
# observations and to v adds 20 to the signals and changes the likelihood in nothing.
#
# Happens: filter and smoother know v. `smoothed_signals` subtracts B times the predicted state from
# each observation to have its surprise, and `gnll` has it as the mean of the observation, both
# without v.
#
# Seen, five observations around 21.7, v = 20; signals, and negative log-likelihood:
#   enumeration (joint normal)   20.83 21.15 21.26 21.59 21.54     9.04
#   found                        15.94 15.80 14.61 12.58  8.48   373.73
#
# Matters for: models with an offset or regressors; the Laplace approximation and the simulation
# smoother take their signals from there.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.6.1 jaxlib==0.6.1 jaxtyping==0.3.2
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.2.6 scipy==1.15.3 tensorflow-probability==0.25.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps isssm==0.2.0
JAX_ENABLE_X64=1 venv/bin/python -W ignore - <<'PY'
import jax.numpy as jnp
import numpy as np
from isssm.estimation import gnll_full
from isssm.kalman import kalman, smoothed_signals, smoother
from isssm.typing import GLSSM
from scipy.stats import multivariate_normal


def exact(model, observed):
    """Mean and covariance of all states given all observations, from their joint normal distribution."""
    start, steps = float(model.u[0, 0]), len(observed)
    a, drift, noise = float(model.A[0, 0, 0]), [float(value) for value in model.u[1:, 0]], float(model.Sigma[0, 0, 0])
    mean, cov = np.zeros(steps), np.zeros((steps, steps))
    mean[0], cov[0, 0] = start, float(model.Sigma0[0, 0])
    for t in range(1, steps):
        mean[t] = a * mean[t - 1] + drift[t - 1]
        cov[t, :t] = cov[:t, t] = a * cov[t - 1, :t]
        cov[t, t] = a**2 * cov[t - 1, t - 1] + noise
    offset, error = np.asarray(model.v[:, 0]), float(model.Omega[0, 0, 0])
    gain = cov @ np.linalg.inv(cov + error * np.eye(steps))
    return mean + gain @ (observed - offset - mean), cov - gain @ cov


after, base = 4, np.array([1.0, 2.0, 0.5, 3.0, 2.0])
for offset in (0.0, 20.0):
    model = GLSSM(
        u=jnp.zeros((after + 1, 1)), A=jnp.full((after, 1, 1), 0.9), D=jnp.ones((after, 1, 1)),
        Sigma0=jnp.ones((1, 1)), Sigma=jnp.full((after, 1, 1), 0.5),
        v=jnp.full((after + 1, 1), offset), B=jnp.ones((after + 1, 1, 1)), Omega=jnp.full((after + 1, 1, 1), 2.0),
    )
    observed = base + offset
    states, _ = exact(model, observed)
    right = offset + states
    prior = exact(model._replace(Omega=jnp.full((after + 1, 1, 1), 1e12)), observed)[1]  # covariance without data
    cost = -multivariate_normal(np.full(after + 1, offset), prior + 2.0 * np.eye(after + 1)).logpdf(observed)
    filtered = kalman(jnp.array(observed)[:, None], model)
    found = np.asarray(smoothed_signals(filtered, jnp.array(observed)[:, None], model))[:, 0]
    found_cost = float(gnll_full(jnp.array(observed)[:, None], model))
    print(f"offset {offset}: right", right.round(2), f"{cost:.2f}", "found", found.round(2), f"{found_cost:.2f}")
    assert np.allclose(smoother(filtered, model.A).x_smooth[:, 0], states, atol=1e-6)
    if offset:
        assert (found < right - 4).all() and found_cost > cost + 10
    else:
        assert np.allclose(found, right, atol=1e-6) and abs(found_cost - cost) < 1e-4
PY

#!/usr/bin/env bash
# isssm 0.2.0: signals that are sampled given the data come from a process that is a step behind: a
# variance of 0.24 instead of 0.63, and of 49 if it begins at 10.
#
# Packages: isssm 0.2.0, jax 0.6.1, jaxtyping 0.3.2, tensorflow-probability 0.25.0, numpy 2.2.6,
# scipy 1.15.3.
#
# Expected: `simulation_smoother(model, y, N, key)` draws signals given all observations, with the
# smoother's means and variances.
#
# Happens: it simulates a path without data, smooths that, and adds the difference to the smoothed
# signals of the data. The simulated observation of each step is of the state of the step before
# (the first state is seen twice, the last never), and the path begins around 0 whatever `u[0]`
# says; it is smoothed by a filter that takes it otherwise. Mirrored copies are added to the samples,
# which bring the mean back, so that only the spread tells.
#
# Seen, a random walk from a point nearly known (variance .01), noise of variance 4, five
# observations; variances of the signals:
#   enumeration (joint normal)      .01     .63     .90     1.12    1.51
#   samples, it begins at 0         .01     .24     .73     1.04    1.46
#   samples, it begins at 10     126.30   49.06   20.78    10.59    7.58
# and the samples before mirroring, where it begins at 10, have a mean of .01 for it.
#
# Matters for: intervals of signals; importance sampling, where `pgssm_importance_sampling` weights
# the samples as if they were of the right process: likelihoods and means of count models are biased.
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
import jax.random as jrn
import numpy as np
from isssm.kalman import simulation_smoother
from isssm.typing import GLSSM


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


after, base, draws = 4, np.array([1.0, 2.0, 0.5, 3.0, 2.0]), 50_000
for start in (0.0, 10.0):
    model = GLSSM(
        u=jnp.zeros((after + 1, 1)).at[0].set(start), A=jnp.full((after, 1, 1), 1.0), D=jnp.ones((after, 1, 1)),
        Sigma0=jnp.full((1, 1), 0.01), Sigma=jnp.full((after, 1, 1), 1.0),
        v=jnp.zeros((after + 1, 1)), B=jnp.ones((after + 1, 1, 1)), Omega=jnp.full((after + 1, 1, 1), 4.0),
    )
    right, covariance = exact(model, base)
    samples = np.asarray(simulation_smoother(model, jnp.array(base)[:, None], draws, jrn.PRNGKey(0)))[..., 0]
    assert samples.shape == (4 * draws, after + 1)
    plain = samples[:draws]
    print(f"start {start}: variances right", covariance.diagonal().round(2), "found", samples.var(0).round(2))
    print("   means right", right.round(2), "found", samples.mean(0).round(2), "of the plain samples", plain.mean(0).round(2))
    assert np.allclose(samples.mean(0), right, atol=0.02)
    if start:
        assert not np.allclose(plain.mean(0), right, atol=0.3)
        assert (samples.var(0) > 4 * covariance.diagonal()).all()
    else:
        assert np.allclose(plain.mean(0), right, atol=0.02)
        assert samples.var(0)[1] < 0.5 * covariance[1, 1]
PY

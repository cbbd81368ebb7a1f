#!/usr/bin/env bash
# isssm 0.2.0: backward sampling forgets the drift: samples of a path that climbs by 3 a step have
# means that are up to 3.7 too high.
#
# Packages: isssm 0.2.0, jax 0.6.1, jaxtyping 0.3.2, tensorflow-probability 0.25.0, numpy 2.2.6,
# scipy 1.15.3.
#
# Expected: `FFBS(y, model, N, key)` draws paths of states given all observations. Their means and
# variances are the smoother's.
#
# Happens: on the way back each state is corrected by the next one less its prediction. The
# prediction is taken to be A times the filtered state; the model's "state bias" u is left out,
# which the filter and the smoother have.
#
# Seen, x(t) = .9 x(t - 1) + 3 + noise, five observations, means of the states:
#   enumeration (joint normal)    -.979   1.026   2.438   4.082   5.739
#   smoother                       the same
#   50,000 samples                 2.705   4.406   5.228   5.837   5.733
# With a drift of 0 they agree.
#
# Matters for: models with trends or inputs; importance sampling for counts draws its states so.
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
from isssm.kalman import FFBS, kalman, smoother
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


observed = np.array([1.0, 2.0, 0.5, 3.0, 2.0])
after = len(observed) - 1
for drift in (0.0, 3.0):
    model = GLSSM(
        u=jnp.full((after + 1, 1), drift).at[0].set(0.0), A=jnp.full((after, 1, 1), 0.9), D=jnp.ones((after, 1, 1)),
        Sigma0=jnp.ones((1, 1)), Sigma=jnp.full((after, 1, 1), 0.5),
        v=jnp.zeros((after + 1, 1)), B=jnp.ones((after + 1, 1, 1)), Omega=jnp.full((after + 1, 1, 1), 2.0),
    )
    right, covariance = exact(model, observed)
    smoothed = smoother(kalman(jnp.array(observed)[:, None], model), model.A)
    samples = np.asarray(FFBS(jnp.array(observed)[:, None], model, 50_000, jrn.PRNGKey(0)))[..., 0]
    found = samples.mean(0)
    print(f"drift {drift}: enumeration", right.round(3), "smoother", np.asarray(smoothed.x_smooth[:, 0]).round(3), "samples", found.round(3))
    assert np.allclose(smoothed.x_smooth[:, 0], right) and np.allclose(smoothed.Xi_smooth[:, 0, 0], covariance.diagonal())
    assert np.allclose(samples.var(0), covariance.diagonal(), rtol=0.03)
    if drift:
        assert (found[:-1] > right[:-1] + 1).all() and abs(found[-1] - right[-1]) < 0.02
    else:
        assert np.allclose(found, right, atol=0.02)
PY

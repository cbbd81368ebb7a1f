#!/usr/bin/env bash
# isssm 0.2.0: a stationary autoregression around mu is drawn to 0: after 20 steps of 0.9 a mean of
# 10 is one of 1.2.
#
# Packages: isssm 0.2.0, jax 0.6.1, jaxtyping 0.3.2, tensorflow-probability 0.25.0, numpy 2.2.6,
# scipy 1.15.3.
#
# Expected: `ar1(mu, tau2, alpha, omega2, n)` is the stationary autoregression with the "stationary
# mean" mu and the "stationary variance" tau2: each state has this mean and variance.
#
# Happens: the first state has the mean mu. All later ones are alpha times the one before, without
# the (1 - alpha) mu that the mean needs. `mv_ar1` does the same.
#
# Seen, mu = 10, tau2 = 1, alpha = .9, 20,000 simulated paths:
#   step       0       5       10      20      40
#   right      10      10      10      10      10
#   mean       10.00   5.90    3.49    1.21    0.15
# and 41 observations of 10, with a noise of variance 1, cost 3.36 nats each instead of 1.11.
#
# Matters for: filters, forecasts and estimates of series around anything but 0.
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
from isssm.estimation import gnll_full
from isssm.glssm import simulate_glssm
from isssm.models.glssm import ar1, mv_ar1

MEAN, VARIANCE, ALPHA, ERROR, STEPS, PATHS = 10.0, 1.0, 0.9, 1.0, 40, 20_000
model = ar1(MEAN, VARIANCE, ALPHA, ERROR, STEPS)._replace(Sigma0=jnp.full((1, 1), VARIANCE))
several = mv_ar1(jnp.full(2, MEAN), VARIANCE * jnp.eye(2), ALPHA, ERROR, STEPS)
for name, each in (("ar1", model), ("mv_ar1", several)):
    states = np.asarray(simulate_glssm(each, PATHS, jrn.PRNGKey(0))[0])[..., 0]
    means, variances = states.mean(0), states.var(0)
    for step in (0, 5, 10, 20, 40):
        print(f"{name}, step {step}: mean {means[step]:.2f}, variance {variances[step]:.2f}")
        assert abs(means[step] - ALPHA**step * MEAN) < 0.05 and abs(variances[step] - VARIANCE) < 0.05

mended = model._replace(u=model.u.at[1:].set((1 - ALPHA) * MEAN))
states = np.asarray(simulate_glssm(mended, PATHS, jrn.PRNGKey(0))[0])[..., 0]
assert np.allclose(states.mean(0), MEAN, atol=0.05)
observed = jnp.full((STEPS + 1, 1), MEAN)
found, right = (float(gnll_full(observed, each)) / (STEPS + 1) for each in (model, mended))
print(f"nats an observation: {found:.2f}, with the mean {right:.2f}")
assert found > right + 0.5
PY

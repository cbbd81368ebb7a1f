#!/usr/bin/env bash
# smcs 0.2.0: the variance of the GARCH models is constant, and their parameters without
# effect.
#
# Packages: smcs 0.2.0, jax 0.9.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: in `GARCHModel` the variance follows omega + alpha y^2 + beta variance, "updated
# after observing y_t". The filter's log-likelihood is that of GARCH, which is a sum of
# normal log-densities and needs no particles.
#
# Happens: the transition leaves the state as it is, with a comment that it "will be modified
# in the filter", by the model's method `update_state`. No filter, agent or learner of the
# package calls this method. Each observation has the first variance, sigma0^2.
#
# Seen, 300 observations of GARCH(.05, .2, .75), resampling in every step:
#   omega alpha beta   log-likelihood   smcs       variance at the end   smcs
#   .05   .2    .75       -398.85      -427.92           0.725          1.000
#   .5    .1    .1        -432.88      -427.92           0.657          1.000
#   5     0     0         -546.75      -427.92           5.000          1.000
#
# Matters for: volatility forecasts with GARCHAgent, comparisons with stochastic volatility.
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
from scipy.stats import norm
from smcs import GARCHModel, GARCHParams, run_bootstrap_filter

OMEGA, ALPHA, BETA, FIRST = 0.05, 0.2, 0.75, 1.0
rng = np.random.default_rng(0)
variance, seen = FIRST, []
for _ in range(300):
    seen.append(rng.normal(0, np.sqrt(variance)))
    variance = OMEGA + ALPHA * seen[-1] ** 2 + BETA * variance


def right(omega, alpha, beta):
    """Log-likelihood, and the variance of the last observation."""
    total, variance = 0.0, FIRST
    for t, value in enumerate(seen):
        variance = variance if t == 0 else omega + alpha * seen[t - 1] ** 2 + beta * variance
        total += norm(0, np.sqrt(variance)).logpdf(value)
    return total, variance


found = []
for parameters in ((OMEGA, ALPHA, BETA), (0.5, 0.1, 0.1), (5.0, 0.0, 0.0)):
    omega, alpha, beta = parameters
    params = GARCHParams(omega=jnp.array(omega), alpha=jnp.array([alpha]), beta=jnp.array([beta]), sigma0=jnp.array(FIRST))
    state, _ = run_bootstrap_filter(jax.random.key(0), jnp.array(seen)[:, None], GARCHModel(), params, n_particles=100, ess_threshold=1.1)
    found.append((float(state.log_likelihood), float(state.particles[:, 0].mean())))
    likelihood, variance = right(*parameters)
    print(f"omega {omega}, alpha {alpha}, beta {beta}: log-likelihood {likelihood:8.2f}, smcs {found[-1][0]:.2f};",
          f"variance at the end {variance:.3f}, smcs {found[-1][1]:.3f}")
constant = norm(0, FIRST).logpdf(seen).sum()
assert all(abs(f - constant) < 0.01 and abs(v - FIRST) < 1e-3 for f, v in found)
assert len({round(right(*p)[0]) for p in ((OMEGA, ALPHA, BETA), (0.5, 0.1, 0.1), (5.0, 0.0, 0.0))}) == 3
PY

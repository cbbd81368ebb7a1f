#!/usr/bin/env bash
# laplax 0.0.2: the evidence of a low-rank Laplace approximation prefers priors that are too strong: its
# determinant multiplies by the precision where it should divide, and counts it for the rank only.
#
# Packages: laplax 0.0.2, jax 0.7.2, jaxlib 0.7.2, numpy 2.4.6, scipy 1.17.1, loguru 0.7.3.
#
# Expected: `marginal_log_likelihood` for "lanczos" and "lobpcg" takes log |U S U' + d I| for, as its
# page says, sum over the rank of log(1 + s / d) plus sum over all P parameters of log d. Where the
# curvature has no higher rank than was asked for, it is the evidence for "full".
#
# Happens: it is sum of log(1 + d s) plus rank times log d. For d = 1 only the two are the same. Of
# P log d, by which the prior's own factor is made up for, only rank times log d is left: a
# strong prior looks better by (P - rank) log d / 2, whatever was seen.
#
# Seen, linear model of 1000 weights, 15 observations (so that rank 15 is exact), log evidence:
#   precision of prior   0.01      0.1        1       10      100     1000
#   definition          -40.2    -23.4    -10.6    -20.6   -188.5  -1879.7
#   "full"              -40.2    -23.4    -10.6    -20.6   -188.5  -1879.7
#   low rank          -2268.7  -1136.0    -10.6   1092.0   2040.0   1465.4
# The best of 200 precisions is 2.0, and 264 by the low rank.
#
# Matters for: choosing a prior, or a model, by its evidence with Lanczos or LOBPCG, the only ways
# for large networks: the prior is too strong about as many times as P is larger than the rank.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.7.2 jaxlib==0.7.2 numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check loguru==0.7.3 jaxtyping==0.3.3 tqdm==4.67.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps laplax==0.0.2
JAX_PLATFORMS=cpu venv/bin/python -W ignore - <<'PY'
import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
from laplax.curv.cov import estimate_curvature
from laplax.curv.ggn import create_ggn_mv
from laplax.curv.utils import LowRankTerms
from laplax.eval.likelihood import marginal_log_likelihood

WEIGHTS, ROWS = 1000, 15
rng = np.random.default_rng(0)
inputs = rng.normal(size=(ROWS, WEIGHTS)) / np.sqrt(WEIGHTS)
targets = inputs @ rng.normal(size=(WEIGHTS, 1)) / 2 + rng.normal(size=(ROWS, 1))
weights = np.linalg.solve(2 * inputs.T @ inputs + np.eye(WEIGHTS), 2 * inputs.T @ targets)[:, 0]
params, data = {"w": jnp.array(weights)}, {"input": jnp.array(inputs), "target": jnp.array(targets)}


def model(input, params):
    return (input @ params["w"])[None]


def by_definition(precision):
    """log p(D, w) - log |H / 2 pi| / 2, with the package's own -loss / 2 for the likelihood."""
    residual = inputs @ weights - targets[:, 0]
    joint = -residual @ residual / 2 - precision * weights @ weights / 2 + WEIGHTS * np.log(precision / 2 / np.pi) / 2
    hessian = 2 * inputs.T @ inputs + precision * np.eye(WEIGHTS)
    return joint - np.linalg.slogdet(hessian / 2 / np.pi)[1] / 2


def given(curvature, kind, precision):
    return float(marginal_log_likelihood(curvature, {"prior_prec": precision}, data, model, params, "mse", kind, vmap_over_data=True))


product = create_ggn_mv(model, params, data, loss_fn="mse")
full = estimate_curvature("full", mv=product, layout=params)
assert np.abs(full - 2 * inputs.T @ inputs).max() < 1e-12
values, vectors = np.linalg.eigh(full)
low = LowRankTerms(U=jnp.array(vectors[:, -ROWS:]), S=jnp.array(values[-ROWS:]), scalar=jnp.array(0.0))
assert np.abs(low.U @ jnp.diag(low.S) @ low.U.T - full).max() < 1e-12  # the same curvature, nothing is left out
for precision in (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0):
    right, dense, thin = by_definition(precision), given(full, "full", precision), given(low, "lanczos", precision)
    print(f"precision {precision:7}: definition {right:8.1f}, full {dense:8.1f}, low rank {thin:8.1f}")
    assert abs(right - dense) < 1e-6 * abs(right)
    slip = ROWS * np.log(precision) + np.log1p(precision * values[-ROWS:]).sum() - np.linalg.slogdet(full + precision * np.eye(WEIGHTS))[1]
    assert abs(thin - (right - slip / 2)) < 1e-6 * abs(thin)
    assert (abs(thin - right) < 1e-6) == (precision == 1) and given(low, "lobpcg", precision) == thin
grid = np.logspace(-2, 3, 200)
best, chosen = grid[np.argmax([by_definition(p) for p in grid])], grid[np.argmax([given(low, "lanczos", p) for p in grid])]
print(f"best precision {best:.1f}, by the low rank {chosen:.1f}")
assert 1 < best < 4 and 200 < chosen < 350
PY

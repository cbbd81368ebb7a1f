#!/usr/bin/env bash
# smcs 0.2.0: "killing" resampling copies the last particle in place of all that are
# missing, even where its weight is 0.
#
# Packages: smcs 0.2.0, jax 0.9.0, numpy 2.4.6.
#
# Expected: every resampling method draws particle i with a mean share of its weight, and a
# particle of weight 0 never.
#
# Happens: killing rounds each number of copies up or down at random, so that they sum to
# the number of particles on average only. A function to make up the difference is defined
# and never called. `jnp.repeat` with a fixed length then repeats the last index where
# copies are missing, and cuts off the last ones where there are too many.
#
# Seen, ten particles, nine of weight 1/9, the last of weight 0, mean share of 4000 runs:
#   systematic  .112 .111 .111 .111 .111 .112 .112 .110 .111 .000
#   killing     .111 .111 .112 .112 .111 .111 .111 .105 .082 .034
#
# Matters for: filters with `resampling_method="killing"`: an impossible state lives on.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check smcs==0.2.0 jax==0.9.0 numpy==2.4.6
venv/bin/python - <<'PY'
import jax
import jax.numpy as jnp
import numpy as np
from smcs import resample

PARTICLES, RUNS = 10, 4000
WEIGHTS = np.array([1.0] * (PARTICLES - 1) + [0.0])
WEIGHTS /= WEIGHTS.sum()
keys = jax.random.split(jax.random.key(0), RUNS)
with np.errstate(divide="ignore"):
    logs = jnp.array(np.log(WEIGHTS))
print(f"{'weights':12}", *(f"{w:.3f}" for w in WEIGHTS))
for method in ("systematic", "stratified", "residual", "multinomial", "killing"):
    indices = np.asarray(jax.vmap(lambda key: resample(key, logs, method))(keys))
    share = np.bincount(indices.ravel(), minlength=PARTICLES) / indices.size
    print(f"{method:12}", *(f"{s:.3f}" for s in share))
    if method == "killing":
        assert share[-1] > 0.02 and share[-2] < 0.1, "a particle of weight 0 is copied"
    else:
        assert np.abs(share - WEIGHTS).max() < 0.01 and share[-1] == 0
PY

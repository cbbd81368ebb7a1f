#!/usr/bin/env bash
# memorax 1.0.1: ALiBi has the wrong sign: the farther back a key is, the more attention it
# is given.
#
# Packages: memorax 1.0.1, jax 0.9.0, flax 0.12.6, numpy 2.4.6.
#
# Expected: attention with linear biases (Press et al. 2021) adds -m (i - j) to the score of
# key j for query i: nearer keys weigh more, and the model extends to longer sequences.
#
# Happens: `ALiBi` adds +m (i - j): the position of the query less that of the key, times
# the slope, without the minus.
#
# Seen, two heads, eight steps, keys that are otherwise alike, first head, last query:
#   bias, oldest key first  .4375 .3750 .3125 .2500 .1875 .1250 .0625 0 (right: minus that)
#   mean step looked at     right 3.827, memorax 3.173, all alike 3.500
#
# Matters for: agents and models built with `SelfAttention(..., ALiBi(heads))`, which is the
# example of the package's README.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.9.0 flax==0.12.6 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps memorax==1.0.1
venv/bin/python - <<'PY'
import sys
import types
from importlib.metadata import files
from unittest.mock import MagicMock

import jax
import jax.numpy as jnp
import numpy as np

# the attention without what the package loads beside it: algorithms, environments, loggers
for name in ("flashbax", "gymnax"):
    sys.modules[name] = MagicMock()
root = next(f for f in files("memorax") if str(f) == "memorax/__init__.py").locate().parent
for name, path in (("memorax", root), ("memorax.networks", root / "networks")):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(path)]
import memorax.utils
from memorax.networks.positional_embeddings.alibi import ALiBi
from memorax.networks.sequence_models.self_attention import SelfAttention

HEADS, STEPS = 2, 8
slopes = 2.0 ** (-8 / HEADS * np.arange(1, HEADS + 1))
distance = np.arange(STEPS)[:, None] - np.arange(STEPS)[None]
positions = jnp.arange(STEPS)[None]
bias = np.asarray(ALiBi(HEADS)(None, None, positions, positions)[2])[0]
print("bias of the last query in the first head, oldest key first: right", *(f"{b:.4f}" for b in -slopes[0] * distance[-1]))
print("                                                         memorax ", *(f"{b:.4f}" for b in bias[0, -1]))
assert np.allclose(bias, slopes[:, None, None] * distance)

# one key is the same as every other, so that only the bias tells them apart; values are the steps' numbers
zeros, ones = jax.nn.initializers.zeros, jax.nn.initializers.ones
net = SelfAttention(HEADS, HEADS, STEPS, jnp.float32, jnp.float32, zeros, zeros, ALiBi(HEADS))
x = jnp.broadcast_to(jnp.arange(STEPS, dtype=jnp.float32)[None, :, None], (1, STEPS, HEADS))
mask = jnp.zeros((1, STEPS), dtype=jnp.int32).at[:, 0].set(1)
params = jax.jit(net.init)(jax.random.key(0), x, mask)
params["params"]["value"]["kernel"] = jnp.full_like(params["params"]["value"]["kernel"], 1 / HEADS)
params["params"]["out"]["kernel"] = jnp.broadcast_to(jnp.eye(HEADS)[:, None], params["params"]["out"]["kernel"].shape)
_, y = jax.jit(net.apply)(params, x, mask)
weights = np.exp(-slopes[0] * distance[-1])
right = (weights / weights.sum()) @ np.arange(STEPS)
mirrored = np.exp(slopes[0] * distance[-1])
found = float(y[0, -1, 0])
print(f"mean step that the last query looks at: right {right:.3f}, memorax {found:.3f}, all alike {(STEPS - 1) / 2:.3f}")
assert right > (STEPS - 1) / 2 > found and abs(found - (mirrored / mirrored.sum()) @ np.arange(STEPS)) < 1e-3
PY

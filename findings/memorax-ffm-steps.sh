#!/usr/bin/env bash
# memorax 1.0.1: the FFM cell does not forget when steps come one at a time, as they do when
# an agent acts, and grows its state where a sequence is continued in pieces.
#
# Packages: memorax 1.0.1, jax 0.9.0, flax 0.12.6, numpy 2.4.6.
#
# Expected: fast and forgetful memory is a sum of inputs that decay with their age. Steps one
# at a time, with the carry handed on, give what the whole sequence gives, as they do for the
# other cells of `Memoroid`.
#
# Happens: the cell numbers the steps of every call from 0. The carry holds the number of the
# last step of the call before, and the decay goes with the difference: after a step alone
# that is 0 - 0, no decay, and after a piece of n steps 0 - (n - 1): the state is divided by
# n - 1 decays.
#
# Seen, 8 steps, one sequence, decays of .750 to .004 a step, state against the sum itself and
# outputs against those of the whole:
#   in pieces of 8   state off by 0.0000 (size 0.7257)   outputs off by 0.0000
#               4                 0.4053                               2.2917
#               1                 1.6517                               2.5052
#
# Matters for: every agent with this memory: it is trained on sequences with another memory
# than it acts with.
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

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

# the cell without what the package loads beside it: algorithms, environments, loggers
for name in ("flashbax", "gymnax"):
    sys.modules[name] = MagicMock()
root = next(f for f in files("memorax") if str(f) == "memorax/__init__.py").locate().parent
for name, path in (("memorax", root), ("memorax.networks", root / "networks")):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(path)]
import memorax.utils
from memorax.networks.sequence_models.ffm import FFMCell
from memorax.networks.sequence_models.memoroid import Memoroid

STEPS, HALF = 8, 4
x = jax.random.normal(jax.random.key(1), (1, STEPS, 3))
mask = jnp.zeros((1, STEPS))
cell = FFMCell(features=4, memory_size=3, context_size=2, max_period=16)
net = Memoroid(cell)
params = jax.jit(net.init)(jax.random.key(0), x, mask)
apply = jax.jit(net.apply)


def run(length):
    """The state after all steps, handed on from one piece of this length to the next, and all outputs."""
    carry, outputs = cell.initialize_carry(jax.random.key(0), (1, 3)), []
    for t in range(0, STEPS, length):
        carry, y = apply(params, x[:, t : t + length], mask[:, t : t + length], carry)
        outputs.append(y)
    return np.asarray(carry[0])[0, 0], np.concatenate(outputs, axis=1)


inside = params["params"]["cell"]
pre, gate = (np.asarray(x[0] @ inside[k]["kernel"] + inside[k]["bias"]) for k in ("pre", "input_gate"))
values = pre * np.asarray(nn.sigmoid(gate))
rates = np.asarray(inside["a"])[:, None] + 1j * np.asarray(inside["b"])[None]
right = sum(values[t][:, None] * np.exp(rates * (STEPS - 1 - t)) for t in range(STEPS))
whole, outputs = run(STEPS)
print(f"slowest and fastest decay of a step: {np.exp(rates.real.max()):.3f} {np.exp(rates.real.min()):.3f}")
for length in (STEPS, HALF, 1):
    state, y = run(length)
    print(f"in pieces of {length}: state differs from the sum by {np.abs(state - right).max():.4f} (size {np.abs(right).max():.4f}),",
          f"outputs from those of the whole by {np.abs(y - outputs).max():.4f}")
    assert np.abs(state - right).max() < 1e-4 if length == STEPS else np.abs(y - outputs).max() > 0.5
assert np.abs(run(1)[0] - values.sum(0)[:, None]).max() < 1e-4, "nothing decays when steps come one at a time"
PY

#!/usr/bin/env bash
# rnn-jax 0.0.2: the bias that is to keep an LSTM from forgetting is given to what it
# writes.
#
# Packages: rnn-jax 0.0.2, jax 0.9.0, equinox 0.13.8, numpy 2.4.6.
#
# Expected: `LongShortTermMemory` wraps `equinox.nn.LSTMCell` and sets the bias of the
# forget gate to ones, as its comment says, so that at first cells keep .73 of what they
# hold and write nothing by themselves.
#
# Happens: equinox has the parts of the bias in the order input, forget, candidate, output;
# the third is set. The forget gate keeps equinox's small random bias, and each cell
# begins with a candidate of about tanh 1.
#
# Seen, mean of 64 cells, input and hidden state 0:
#   cells of 1, one step    meant .731   rnn-jax .884
#   cells of 0, one step    meant .000   rnn-jax .382
#   cells of 0, 20 steps    meant .000   rnn-jax .771
#
# Matters for: memory tasks and comparisons with this LSTM: it begins by forgetting,
# and full of ones.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.9.0 equinox==0.13.8 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rnn-jax==0.0.2
venv/bin/python - <<'PY'
import sys
import types
from importlib.metadata import files

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

# the gated cells alone: beside them is a file that Python 3.11 cannot read
root = next(f for f in files("rnn-jax") if str(f) == "rnn_jax/cells/gated.py").locate().parent
for name, path in (("rnn_jax", root.parent), ("rnn_jax.cells", root)):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(path)]
from rnn_jax.cells.gated import LongShortTermMemory

HIDDEN, STEPS = 64, 20
cell = LongShortTermMemory(2, HIDDEN, key=jax.random.key(0))
plain = eqx.nn.LSTMCell(2, HIDDEN, key=jax.random.key(0))
meant = eqx.tree_at(lambda lstm: lstm.bias, plain, jnp.zeros(4 * HIDDEN).at[HIDDEN : 2 * HIDDEN].set(1.0))


def after(step, cells, steps):
    state = jnp.zeros(HIDDEN), cells
    for _ in range(steps):
        state = step(jnp.zeros(2), state)
    return np.asarray(state[1])


def of_package(x, state):
    return cell(x, state)[0]


for name, cells, steps in (("cells of 1, one step", jnp.ones(HIDDEN), 1), ("cells of 0, one step", jnp.zeros(HIDDEN), 1), ("cells of 0, 20 steps", jnp.zeros(HIDDEN), STEPS)):
    right, found = after(meant, cells, steps), after(of_package, cells, steps)
    print(f"{name}: meant {right.mean():.3f}, rnn-jax {found.mean():.3f} (from {found.min():.2f} to {found.max():.2f})")
    assert found.mean() > right.mean() + 0.1
bias = np.asarray(cell.lstm.bias).reshape(4, HIDDEN)
gates = 1 / (1 + np.exp(-bias))
assert np.allclose(bias[2], 1) and np.abs(bias[1]).max() < 0.9
assert np.allclose(after(of_package, jnp.ones(HIDDEN), 1), gates[1] + gates[0] * np.tanh(1.0), atol=1e-5), "the order is another one"
PY

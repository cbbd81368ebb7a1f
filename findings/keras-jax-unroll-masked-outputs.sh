#!/usr/bin/env bash
# keras 3.15.1 on JAX: unrolling changes what a recurrent layer says at masked steps, and
# takes the effect of `zero_output_for_mask`.
#
# Packages: keras 3.15.1, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6.
#
# Expected: `unroll` is documented as a matter of speed and memory. A masked step repeats
# the output before it; with `zero_output_for_mask=True` it is documented to be zeros, so
# that padding adds nothing where outputs are summed.
#
# Happens: the unrolled loop of the JAX backend never looks at `zero_output_for_mask`: a
# masked step repeats the output before it all the same. And before the first step that
# is not masked, where there is no output yet, the unrolled loop says zeros and the other
# one the initial state.
#
# Seen, LSTM and GRU with the recurrence worked out in numpy, masks to the right and left,
# an initial state given; the largest difference, by unroll=False and True:
#   valid steps                                0.000  0.000
#   padding to the right, zeros asked for      0.000  0.315 (LSTM), 0.931 (GRU)
#   padding to the left, one loop from the other   1.960
#   sum over time of one valid step of six     right with False, 6.0 times as large with True
#
# Matters for: sums and means over the outputs of a padded batch, and merged directions,
# which the option is for; and for who unrolls a model that was trained without.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6
KERAS_BACKEND=jax venv/bin/python -W ignore - <<'PY'
import numpy as np
from keras import layers, ops, utils

utils.set_random_seed(0)
rng = np.random.default_rng(0)
ROWS, STEPS, INPUTS, UNITS = 3, 6, 2, 4
x = rng.normal(size=(ROWS, STEPS, INPUTS)).astype(np.float32)
start = [rng.normal(size=(ROWS, UNITS)).astype(np.float32) for _ in range(2)]
lengths = np.array([6, 3, 1])
right = np.arange(STEPS) < lengths[:, None]
left = np.arange(STEPS) >= STEPS - lengths[:, None]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm(weights, state, at):
    kernel, recurrent, bias = weights
    h, c = state
    i, f, g, o = np.split(at @ kernel + h @ recurrent + bias, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return [sigmoid(o) * np.tanh(c), c]


def gru(weights, state, at):
    kernel, recurrent, bias = weights
    xz, xr, xh = np.split(at @ kernel + bias[0], 3, axis=1)
    hz, hr, hh = np.split(state[0] @ recurrent + bias[1], 3, axis=1)
    z = sigmoid(xz + hz)
    return [z * state[0] + (1 - z) * np.tanh(xh + sigmoid(xr + hr) * hh)]


def reference(step, weights, mask, state):
    """Outputs (rows, steps, units), zeros where the mask is off."""
    outputs = np.zeros((ROWS, STEPS, UNITS))
    for t in range(STEPS):
        valid = mask[:, t, None]
        state = [np.where(valid, new, old) for new, old in zip(step(weights, state, x[:, t]), state)]
        outputs[:, t] = np.where(valid, state[0], 0)
    return outputs


for kind, step, states in ((layers.LSTM, lstm, 2), (layers.GRU, gru, 1)):
    made, weights = {}, None
    for unroll in (False, True):
        for zeros in (True, False):
            layer = kind(UNITS, return_sequences=True, unroll=unroll, zero_output_for_mask=zeros)
            layer.build(x.shape)
            weights = weights or layer.get_weights()
            layer.set_weights(weights)
            for mask in (right, left):
                state = [ops.convert_to_tensor(s) for s in start[:states]]
                made[unroll, zeros, mask is right] = np.asarray(layer(ops.convert_to_tensor(x), mask=ops.convert_to_tensor(mask), initial_state=state))
    for mask in (right, left):
        meant = reference(step, weights, mask, start[:states])
        for unroll in (False, True):
            for zeros in (True, False):
                assert np.abs(made[unroll, zeros, mask is right] - meant)[mask].max() < 1e-5, "valid steps"
    meant = reference(step, weights, right, start[:states])
    rolled, unrolled = (np.abs(made[unroll, True, True] - meant).max() for unroll in (False, True))
    print(f"{kind.__name__}: padding to the right, zeros asked for: {rolled:.3f} without unrolling, {unrolled:.3f} with")
    assert rolled < 1e-5 and unrolled > 0.1
    assert np.array_equal(made[True, True, True], made[True, False, True]), "the option has an effect"
    apart = np.abs(made[False, False, False] - made[True, False, False])
    print(f"{kind.__name__}: padding to the left, one loop from the other: {apart.max():.3f}, at valid steps {apart[left].max():.3f}")
    assert apart.max() > 0.1 and apart[left].max() < 1e-5
    assert (made[True, False, False][~left] == 0).all()
    assert np.array_equal(made[False, False, False][~left], np.repeat(start[0][:, None], STEPS, 1)[~left])
    one = lengths.tolist().index(1)
    sums = [made[unroll, True, True][one].sum(0) / meant[one].sum(0) for unroll in (False, True)]
    print(f"{kind.__name__}: sum over time of one valid step of {STEPS}:", *(f"{ratio.mean():.1f}" for ratio in sums), "times what is meant")
    assert np.allclose(sums[0], 1, atol=1e-4) and np.allclose(sums[1], STEPS, atol=1e-3)
PY

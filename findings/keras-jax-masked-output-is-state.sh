#!/usr/bin/env bash
# keras 3.15.1 on JAX: for a row with padding, a recurrent layer returns the first state of
# its cell in the place of its last output.
#
# Packages: keras 3.15.1, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6.
#
# Expected: `RNN` takes any cell; what a cell puts out need not be its state. At a masked
# step the output before it is repeated, so that the last output of a padded row is the
# one of its last valid step: what the layer says of the same row without padding.
#
# Happens: the loop of the JAX backend keeps no output. It takes it that the first state
# is the output of the step before. That holds for the layers of Keras; a cell with a readout,
# or with another state first, gives the right output for rows without
# padding, and its state for rows with padding, in the same batch. With `unroll=True` it
# is right.
#
# Seen, a cell that adds its inputs up and puts out twice the sum; row 1 2 3 4 and row 1 2
# with two steps of padding, last output:
#   one row at a time   20 and 6
#   in a batch          20 and 3
#   unrolled            20 and 6
#   an LSTM cell with its states in the order c, h: last output of the padded row is c
#
# Matters for: custom cells, such as those with a projection or readout, on padded batches.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6
KERAS_BACKEND=jax venv/bin/python -W ignore - <<'PY'
import numpy as np
from keras import Layer, layers, ops, utils

utils.set_random_seed(0)


class Twice(Layer):
    """State: the sum of the inputs. Output: twice that."""

    state_size = output_size = 1

    def call(self, inputs, states):
        total = states[0] + inputs
        return 2 * total, [total]


class Swapped(Layer):
    """An LSTM cell with its states in the order c, h."""

    state_size, output_size = [3, 3], 3

    def __init__(self):
        super().__init__()
        self.cell = layers.LSTMCell(3)

    def build(self, shape):
        self.cell.build(shape)
        self.built = True

    def call(self, inputs, states):
        c, h = states
        output, (h, c) = self.cell(inputs, [h, c])
        return output, [c, h]


def last(layer, x, mask=None):
    made = layer(ops.convert_to_tensor(x), mask=None if mask is None else ops.convert_to_tensor(mask))
    return [np.asarray(part) for part in made]


x = np.array([[1, 2, 3, 4], [1, 2, 9, 9]], dtype=np.float32)[:, :, None]
mask = np.array([[1, 1, 1, 1], [1, 1, 0, 0]], dtype=bool)
for unroll, padded in ((False, 3), (True, 6)):
    layer = layers.RNN(Twice(), return_state=True, unroll=unroll)
    alone = [last(layer, row[None, valid])[0].item() for row, valid in zip(x, mask)]
    output, state = last(layer, x, mask)
    print(f"unroll={unroll}: one row at a time", alone, " in a batch", output[:, 0].tolist(), " states", state[:, 0].tolist())
    assert alone == [20, 6] and output[:, 0].tolist() == [20, padded] and state[:, 0].tolist() == [10, 3]

layer = layers.RNN(Swapped(), return_state=True)
output, c, h = last(layer, x, mask)
right = last(layer, x[1:, :2])[0][0]
print("LSTM with states c, h: last output of the padded row", output[1].round(3), " right", right.round(3), " c", c[1].round(3))
assert np.allclose(output[0], h[0]) and np.allclose(h[1], right, atol=1e-6)
assert np.array_equal(output[1], c[1]) and np.abs(output[1] - right).max() > 0.01
PY

"""Floating-point operations counted from sizes: the arithmetic floor of a scan.

A multiplication with its addition counts as two. Only products over whole vectors count, those of
controller, heads and passes over memory. Exponentials and reductions over slots do not, so no
implementation can quite reach the floor.
"""

from ntmlab.models import LSTM, NTM

# Multiply-adds per memory element and step. Forward: one product with the key of each head, the
# squared norm, one for each read, two for each write. Backward, besides the memory's own gradient
# through norms: two for a read, five for a write, and two for each head's key.
NORM_FORWARD, NORM_BACKWARD = 1, 1
KEY_FORWARD, KEY_BACKWARD = 1, 2
READ_FORWARD, READ_BACKWARD = 1, 2
WRITE_FORWARD, WRITE_BACKWARD = 2, 5


def ntm_flops(model: NTM, steps: int, *, backward: bool) -> float:
    """Operations for one sequence of ``steps``, with all gradients if ``backward``."""
    R, V, heads = model.read_heads, model.write_heads, model.read_heads + model.write_heads
    inside = (model.read_weights, model.recurrent_weights, model.layer_weights, model.head_weights)
    outside = (model.input_weights, model.output_weights)
    products = sum(weights.numel() for weights in (*inside, *outside))
    element = NORM_FORWARD + heads * KEY_FORWARD + R * READ_FORWARD + V * WRITE_FORWARD
    if backward:
        products *= 3  # forward, gradient of the vector, gradient of the weights
        element += NORM_BACKWARD + heads * KEY_BACKWARD + R * READ_BACKWARD + V * WRITE_BACKWARD
    return 2.0 * steps * (products + element * model.slots * model.slot_width)


def lstm_flops(model: LSTM, steps: int, *, backward: bool) -> float:
    """Operations for one sequence of ``steps``, with all gradients if ``backward``."""
    weights = (
        model.input_weights,
        model.recurrent_weights,
        model.layer_weights,
        model.output_weights,
    )
    return 2.0 * steps * sum(w.numel() for w in weights) * (3 if backward else 1)

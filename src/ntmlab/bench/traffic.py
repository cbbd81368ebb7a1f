"""Bytes counted from sizes: what goes through a GPU's memory in a pass, at least.

Counted is what the backward pass needs of every step where no step is computed twice: written once
and read once. Weights, inputs, outputs and the gradients of pre-activations, from which those of
the weights come, are little beside it and are not counted.
"""

from ntmlab.models import LSTM, NTM

FLOAT = 4  # bytes
WRITTEN_AND_READ = 2


def ntm_bytes(model: NTM, steps: int) -> float:
    """Bytes for one sequence of ``steps``: memory, weightings, head parameters, units and reads."""
    heads = model.read_heads + model.write_heads
    units = model.controller_size * model.controller_layers
    each = model.slots * (model.slot_width + heads) + model.head_layout.size
    each += model.read_heads * model.slot_width + units * (6 if model.is_lstm else 1)
    return float(WRITTEN_AND_READ * FLOAT * steps * each)


def lstm_bytes(model: LSTM, steps: int) -> float:
    """Bytes for one sequence of ``steps``: four gates, the cell and the output of each unit."""
    return float(WRITTEN_AND_READ * FLOAT * steps * 6 * model.layers * model.hidden_size)

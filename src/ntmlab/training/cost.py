"""What training lowers."""

import math
from collections.abc import Mapping

from torch import Tensor, nn

from ntmlab.models import NTM, NTMState
from ntmlab.models.ntm_seeds import seeds_logits
from ntmlab.sequences import Sequences, outputs_of

NATS_TO_BITS = 1 / math.log(2)


def mean_cost(model: nn.Module, sequences: Sequences, start: NTMState | None = None) -> Tensor:
    """Cross-entropy in nats per sequence, mean over the batch: what training lowers.

    ``start`` is the state before the first step, where it is not the model's own.
    """
    inputs = sequences.inputs
    returned = model(inputs) if start is None else model(inputs, start)
    logits = returned[0] if isinstance(returned, tuple) else returned
    nats = outputs_of(sequences).loss(logits, sequences.targets, sequences.mask)
    return nats / len(sequences.inputs)


def seeds_costs(
    model: NTM, weights: Mapping[str, Tensor], sequences: Sequences, slots: Tensor | None
) -> Tensor:
    """The `mean_cost` (S,) of machines like ``model``, each on a batch of its own, all at once.

    Weights and sequences have S in front; ``slots`` are as in `seeds_logits`.
    """
    logits = seeds_logits(model, weights, sequences.inputs, slots)
    nats = outputs_of(sequences).losses(logits, sequences.targets, sequences.mask)
    return nats / sequences.inputs.shape[1]

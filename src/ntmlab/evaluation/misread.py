"""Are a module's logits what they are said to be? Probabilities, read as logits, cost bits unsaid.

Legend: B batch, T time, O output channels.
"""

from typing import Final

import numpy as np

from ntmlab.evaluation.bits import Array
from ntmlab.sequences import Sequences, outputs_of

# As probabilities they must cost so many bits a step less than as logits, and than the best
# constant; about what they say themselves; and be so far apart. A new model's are not by chance.
LESS: Final = 0.05
AS_SAID: Final = 0.03
APART: Final = 0.5


def misread(said: Array, some: Sequences) -> str | None:
    """In words, that a module returns probabilities in place of logits; None if it seems not to.

    ``said`` (B, T, O) are the probabilities that its outputs came to as logits.
    """
    outputs, targets, mask = outputs_of(some), some.targets.numpy(), some.mask.numpy()

    def cost(probabilities: Array) -> float:
        return float(outputs.cost_bits(probabilities, targets, mask).sum())

    scored = mask > 0
    steps, given = scored.sum(), _given(said, some)
    inside = ((given >= 0) & (given <= 1))[scored].all()
    if not inside or np.ptp(given[scored]) < APART:
        return None
    given = given.clip(0, 1)
    constant = np.broadcast_to(targets[scored].mean(0).astype(np.float64), said.shape)
    read, expected = cost(given), float(outputs.entropy_bits(given, mask).sum())
    least = min(cost(said), cost(constant)) - LESS * steps
    if not (read < least and expected < read + AS_SAID * steps):
        return None
    return (
        f"returns probabilities in place of logits, it seems: read so, they cost "
        f"{(cost(said) - read) / len(said):.0f} bits a sequence less; ntmlab.from_torch with "
        "outputs='probabilities' reads them so"
    )


def _given(said: Array, some: Sequences) -> Array:
    """What the module returned, if those are probabilities."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(said)
        if outputs_of(some).letters in (None, 2):
            return np.asarray(logs - np.log1p(-said))
        # Of letters, softmax leaves a constant open, and probabilities sum to 1.
        return np.asarray(logs + (1 - logs.sum(-1, keepdims=True)) / logs.shape[-1])

"""Are a module's logits what they are said to be? Probabilities, read as logits, cost bits unsaid.

So do logarithms of them, where one stands for a bit: of letters, softmax takes both for the same.

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
    constant = np.broadcast_to(targets[scored].mean(0).astype(np.float64), said.shape)
    least = min(cost(said), cost(constant)) - LESS * scored.sum()
    for what, given in _readings(said, some).items():
        inside = ((given >= 0) & (given <= 1))[scored].all()
        if not inside or np.ptp(given[scored]) < APART:
            continue
        given = given.clip(0, 1)
        read, expected = cost(given), float(outputs.entropy_bits(given, mask).sum())
        if read < least and expected < read + AS_SAID * scored.sum():
            return (
                f"returns {what} in place of logits, it seems: read so, they cost "
                f"{(cost(said) - read) / len(said):.0f} bits a sequence less; ntmlab.from_torch "
                f"with outputs='{what}' reads them so"
            )
    return None


def _readings(said: Array, some: Sequences) -> dict[str, Array]:
    """The probabilities that the module's outputs would be, by what they then are."""
    given = _given(said, some)
    found = {"probabilities": given}
    if outputs_of(some).letters in (None, 2):
        with np.errstate(over="ignore"):
            found["log-probabilities"] = np.exp(given)
    return found


def _given(said: Array, some: Sequences) -> Array:
    """What the module returned, if those are probabilities."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(said)
        if outputs_of(some).letters in (None, 2):
            return np.asarray(logs - np.log1p(-said))
        # Of letters, softmax leaves a constant open, and probabilities sum to 1.
        return np.asarray(logs + (1 - logs.sum(-1, keepdims=True)) / logs.shape[-1])

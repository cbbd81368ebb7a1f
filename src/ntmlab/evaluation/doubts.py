"""Whether what is taken for the optimum can be: what it reads, and what it expects of itself.

Legend: B batch, T time, I input channels, O output channels.
"""

import warnings
from typing import Final

import numpy as np
import torch

from ntmlab.errors import InputError, Remark
from ntmlab.evaluation.bits import Array, mean_and_error
from ntmlab.evaluation.score import is_sure
from ntmlab.foreign import is_own
from ntmlab.optimal.filter import FilterPredictor
from ntmlab.outputs import STEPS_AT_ONCE
from ntmlab.sequences import Predictor, Sequences, Task, outputs_of

ITSELF: Final = "what it expects itself"
NOTHING: Final = "the 0 of targets that follow from the inputs"
ANSWERED: Final = 0.01  # bits that a user's exact answers may cost, which need not be quite sure


def check_aligned(sequences: Sequences, predictor: object) -> None:
    """Raises InputError where an exact predictor would take inputs for another past.

    It reads the symbols before from the inputs (B, T, I) alone: at each scored step that must be
    the target of the step before, and nothing at the first. Other predictors may read them as they
    like.
    """
    inputs, targets, mask = sequences.inputs, sequences.targets, sequences.mask
    if not isinstance(predictor, FilterPredictor) or inputs.shape != targets.shape:
        return  # of another shape, it says itself what it reads
    for start in range(0, inputs.shape[1], STEPS_AT_ONCE):
        end = start + STEPS_AT_ONCE
        before = targets[:, max(start - 1, 0) : end - 1]
        if start == 0:
            before = torch.cat([torch.zeros_like(targets[:, :1]), before], 1)
        shown, asked = inputs[:, start:end], mask[:, start:end] > 0
        other = ((shown != before[:, : shown.shape[1]]).any(-1) & asked).nonzero()
        if len(other):
            row, step = (int(place) for place in other[0])
            raise InputError(
                f"the input at step {start + step} of sequence {row} is not the symbol before it, "
                "which an exact predictor takes it for; make these sequences by "
                "next_symbol(symbols, letters)"
            )


def surprise(sequences: Sequences, p: Array, cost: Array) -> Array:
    """What whole sequences cost above what probabilities p (B, T, O) expect, (B,) bits.

    Of an exact predictor it is 0 in the mean: its cost is expected to be its entropy. ``cost`` is
    that of whole sequences, (B,).
    """
    expected = outputs_of(sequences).entropy_bits(p, sequences.mask.numpy()).sum(1)
    return np.asarray(cost - expected)


class Doubt:
    """Whether the optimum of a user's task is exact, by its own costs; ours are tested elsewhere.

    It sees all that is scored; ``exact`` is None where no optimum is known.
    """

    def __init__(self, task: Task, exact: Predictor | None) -> None:
        self.task, self.found = task, list[Array]()
        self.asked = exact is not None and not is_own(type(task).__module__)

    def see(self, sequences: Sequences, p: Array, cost: Array) -> None:
        """Keeps what the optimum's probabilities (B, T, O) cost whole sequences, (B,)."""
        if self.asked:
            answers = self.task.deterministic
            self.found.append(cost if answers else surprise(sequences, p, cost))

    def tell(self) -> None:
        """A remark where it is surely not exact."""
        if not self.found:
            return
        found = np.concatenate(self.found)
        if not self.task.deterministic:
            remark_unless_exact(found, f"task {self.task.name}")
        elif found.mean() > ANSWERED:
            remark_unless_exact(found, f"task {self.task.name}", NOTHING)


def remark_unless_exact(found: Array, whose: str, expected: str = ITSELF) -> None:
    """A remark where the surprise (B,) says that an optimum is surely not exact.

    What has a probability of 0 and comes is enough.
    """
    if impossible := int(np.isposinf(found).sum()):
        warnings.warn(
            f"the optimum of {whose} gives a probability of 0 to what comes in {impossible:,} of "
            f"{len(found):,} sequences: it is not exact, or these are of another source; no gap to "
            "it means anything",
            Remark,
            stacklevel=3,
        )
    if is_sure(found):
        mean, error = mean_and_error(found)
        warnings.warn(
            f"the optimum of {whose} is not exact: it costs {mean:+.3g} ± {error:.2g} bits a "
            f"sequence against {expected}; no gap to it means anything",
            Remark,
            stacklevel=3,
        )

"""Whether what is taken for the optimum can be: what it reads, and what it expects of itself.

Legend: B batch, T time, I input channels, O output channels.
"""

import warnings

import numpy as np
import torch

from ntmlab.errors import InputError, Remark
from ntmlab.evaluation.bits import Array, mean_and_error
from ntmlab.evaluation.score import is_sure
from ntmlab.optimal.filter import FilterPredictor
from ntmlab.outputs import STEPS_AT_ONCE
from ntmlab.sequences import Sequences, outputs_of


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


def remark_unless_exact(found: Array, whose: str) -> None:
    """A remark where the surprise (B,) says that an optimum is surely not exact."""
    if is_sure(found):
        mean, error = mean_and_error(found)
        warnings.warn(
            f"the optimum of {whose} is not exact: it costs {mean:+.3g} ± {error:.2g} bits a "
            "sequence against what it expects itself; no gap to it means anything",
            Remark,
            stacklevel=3,
        )

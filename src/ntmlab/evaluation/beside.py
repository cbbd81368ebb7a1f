"""Answers laid beside others to the same question, and whether a row is told what others are.

Legend: B batch, T time, O output channels.
"""

import zlib
from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from ntmlab.evaluation.bits import Array
from ntmlab.models.predictor import ModulePredictor
from ntmlab.sequences import Predictor, Sequences, outputs_of

# So far may a probability move for other reasons: rounding of single precision, of a pass of
# another length; and that of half precision.
ALLOWED: Final = 1e-4
ALLOWED_HALF: Final = 0.05

HALF: Final = (torch.bfloat16, torch.float16)

# Passes of one shape round alike in any precision: there it may move by this part of itself, as
# Fourier transforms move it. A smaller leak is worth less than 0.03 bits a sequence of 200.
ALLOWED_ALIKE: Final = 1e-4
SURELY_ROUNDING: Final = 1e-7

MANY: Final = 64  # rows beside which a predictor was tested at full length before it is scored
ASKED_AGAIN: Final = 64  # one in so many of them

Ask = Callable[[Sequences], Array]  # a predictor's probabilities (B, T, O)


def apart(expected: Array, found: Array, some: Sequences) -> str:
    """Where two answers differ by more than rounding, in words; empty if they do not."""
    scored = some.mask.numpy()[:, : expected.shape[1], None] > 0
    least = np.minimum(expected, found)
    if outputs_of(some).letters in (None, 2):  # of a 1 alone: the 0's may be the small one
        least = np.minimum(least, 1 - np.maximum(expected, found))
    beyond = np.abs(expected - found) > ALLOWED_ALIKE * least + SURELY_ROUNDING
    if not (beyond & scored).any():
        return ""
    moved = np.where(beyond & scored, np.abs(expected - found), 0).max((0, 2))
    return f"what it says at step {int(moved.argmax())} changes by {moved.max():.2g}"


def with_another_end(sequences: Sequences, cut: int) -> Sequences:
    """The same inputs but from a step on: other letters, or those of answers backwards."""
    letters, inputs = outputs_of(sequences).letters, sequences.inputs.clone()
    end = inputs[:, cut:]
    if letters is None:
        inputs[:, cut:] = end.flip(1)
    else:
        inputs[:, cut:] = 1 - end if letters == 2 else end.roll(1, -1)
        inputs[:, 0] = sequences.inputs[:, 0]  # nothing stands there
    return sequences._replace(inputs=inputs)


def moved(expected: Array, found: Array, mask: Array) -> float:
    """The largest difference at a scored step."""
    return float(moved_in_rows(expected, found, mask).max())


def moved_in_rows(expected: Array, found: Array, mask: Array) -> Array:
    """That of each row, (B,)."""
    return np.asarray((np.abs(expected - found).max(-1) * (mask > 0)).max(-1))


def allowed_for(predictor: Predictor, said: Array) -> float:
    """How far a probability of a predictor may move where passes differ in shape."""
    return ALLOWED_HALF if is_half(predictor, said) else ALLOWED


def is_half(predictor: Predictor, said: Array) -> bool:
    """Whether probabilities come from half precision: of its weights, or all are numbers of it."""
    if isinstance(predictor, ModulePredictor) and predictor.like(torch.empty(0)).dtype in HALF:
        return True
    given = torch.from_numpy(said)
    return any(bool((given.to(dtype).double() == given).all()) for dtype in HALF)


def sees_in_a_crowd(predictor: Predictor, many: Sequences, said: Array, ask: Ask) -> str | None:
    """What a predictor said of many rows that it does not say of a few, if it saw too much.

    One row in 64, drawn by what stands in the inputs, is asked again among these few. Where the
    answer is another one, passes of the whole shape tell whether other rows or later inputs are to
    blame, and not how another shape rounds. None if they are not.
    """
    rows = _some_rows(many)
    few = many.take(rows)
    if moved(said[rows], ask(few), few.mask.numpy()) <= allowed_for(predictor, said):
        return None
    others = with_another_end(many, 0)
    others.inputs[rows] = many.inputs[rows]
    if wrong := apart(said[rows], ask(others)[rows], few):
        return f"sees other rows of a batch: {wrong} when the others of its {len(said)} are others"
    cut = said.shape[1] // 2
    ends = ask(with_another_end(many, cut))[:, :cut]
    if wrong := apart(said[:, :cut], ends, many):
        about = f"when inputs from step {cut} on are others"
        return f"looks ahead in a batch of {len(said)} rows: {wrong} {about}"
    return None


def _some_rows(many: Sequences) -> NDArray[np.int64]:
    """A few rows of many, in an order of their own."""
    seed = zlib.crc32(many.inputs.contiguous().numpy().data)
    count = max(2, len(many.inputs) // ASKED_AGAIN)
    return np.random.default_rng(seed).choice(len(many.inputs), count, replace=False)

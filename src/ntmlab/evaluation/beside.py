"""Answers laid beside others to the same question: whether a row is told what others are, or what
comes, and whether what was scored is said again.

Legend: B batch, T time, O output channels.
"""

import zlib
from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from ntmlab.errors import InputError
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
LEAST_ASKED: Final = 8  # steps of a beginning

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


def differ(expected: Array, found: Array, some: Sequences, half: bool) -> bool:
    """Whether answers move by more than half precision does, or than a part of themselves."""
    if half:
        return moved(expected, found, some.mask.numpy()) > ALLOWED_HALF
    return bool(apart(expected, found, some))


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


def with_other_ends(many: Sequences, cuts: NDArray[np.int64]) -> Sequences:
    """Each row with another end from a step of its own on, (B,); scored before it alone."""
    before = torch.arange(many.inputs.shape[1]) < torch.from_numpy(cuts)[:, None]
    inputs = torch.where(before[..., None], many.inputs, with_another_end(many, 0).inputs)
    return many._replace(inputs=inputs, mask=many.mask * before)


def not_said_again(
    predictor: Predictor, many: Sequences, said: Array, ask: Ask, *, beginnings: bool = False
) -> str | None:
    """What a predictor said of some sequences that it does not say again, if it saw too much.

    Two rows or one in 64, drawn by what stands in the inputs, are asked again among these few, as
    they were and with other ends; or, if ``beginnings`` are to do, of half the rows one step in 64.
    Where the answer is another one, passes of the whole shape tell whether a call is unlike the one
    before, or other rows or later inputs are to blame, and not how another shape rounds. None if
    they are not.
    """
    steps = many.inputs.shape[1]
    if beginnings and outputs_of(many).letters is not None:  # of half a question nothing is scored
        steps = min(steps, max(LEAST_ASKED, steps // ASKED_AGAIN))
    rows, cuts = _some_rows(many, steps)
    half, few = is_half(predictor, said), many.take(rows)
    begun = few.first(steps)
    try:
        if not _move(said[rows, :steps], begun, with_other_ends(begun, cuts[rows]), ask, half):
            return None
    except InputError:
        if begun is few:
            raise
        return None  # a beginning may be refused
    if differ(said, now := ask(many), many, half):
        further = moved(said, now, many.mask.numpy())
        about = "does it depend on how often it is asked?"
        return f"says another thing now, {further:.2g} apart, than it was scored by: {about}"
    others = with_another_end(many, 0)
    others.inputs[rows] = many.inputs[rows]
    if wrong := apart(said[rows], ask(others)[rows], few):
        return f"sees other rows of a batch: {wrong} when the others of its {len(said)} are others"
    many = with_other_ends(many, cuts)
    if wrong := apart(said, ends := ask(many), many):
        cut = cuts[moved_in_rows(said, ends, many.mask.numpy()).argmax()]
        about = f"when inputs from step {cut} on are others"
        return f"looks ahead in a batch of {len(said)} rows: {wrong} {about}"
    return None


def _move(said: Array, few: Sequences, ended: Sequences, ask: Ask, half: bool) -> bool:
    """Whether what is said of a few rows, or before other ends of theirs, is another thing now."""
    inputs, targets, mask = (torch.cat(pair) for pair in zip(few[:3], ended[:3], strict=True))
    both = Sequences(inputs, targets, mask, outputs=outputs_of(few))
    try:
        return differ(np.tile(said, (2, 1, 1)), ask(both), both, half)
    except InputError:  # ends that are never drawn may be refused
        return differ(said, ask(few), few, half)


def _some_rows(many: Sequences, steps: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A few rows of many, in an order of their own, and of each row a step after the first.

    They are more where fewer than all ``steps`` are asked.
    """
    drawn = np.random.default_rng(zlib.crc32(many.inputs.contiguous().numpy().data))
    size = len(many.inputs)
    few = size // (ASKED_AGAIN if steps == many.inputs.shape[1] else 2)
    rows = drawn.choice(size, min(size, max(2, few)), replace=False)
    return rows, drawn.integers(1, max(2, steps), size)

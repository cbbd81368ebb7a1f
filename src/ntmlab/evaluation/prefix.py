"""Does a predictor look ahead? A cheap test of whatever a user brings, before it is scored.

What looks ahead can cost less than the optimum, and its gap means nothing. So two sequences are cut
short, and the predictions of what is left must stay what they were. `ntmlab.check_predictor` tries
harder and says more.

Legend: B batch, T time, O output channels.
"""

import functools
import inspect
from typing import Final

import numpy as np
import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.scored import predict
from ntmlab.models import Foreign
from ntmlab.models.predictor import ModulePredictor
from ntmlab.optimal.filter import FilterPredictor
from ntmlab.sequences import Predictor, Sequences, Task, outputs_of

AHEAD: Final = "looks ahead"  # how a row is marked

ROWS: Final = 2
MOST_STEPS: Final = 1024
CUTS: Final = (1, 64, 128)  # and a third, a half, all but the last

# So far may a probability move for other reasons: rounding of single precision, of a pass of
# another length; and that of half precision. A smaller leak is worth less than 0.01 bits a
# sequence of 200.
ALLOWED: Final = 1e-4
ALLOWED_HALF: Final = 0.05


class LooksAhead:
    """A predictor that failed the test, and is scored because the user says so."""

    def __init__(self, predictor: Predictor, reason: str) -> None:
        self.predictor, self.reason = predictor, reason

    def __call__(self, inputs: Tensor) -> Tensor:
        return self.predictor(inputs)


def tested(
    predictor: Predictor, sequences: Sequences, name: str, *, unchecked: bool, leave: str
) -> Predictor:
    """A predictor, tested if it is a user's own; what fails comes back as `LooksAhead`.

    Raises InputError for what fails unless ``unchecked``; ``leave`` says how to ask for that.
    """
    if is_ours(predictor):
        return predictor
    reason = why_not(predictor, sequences, name)
    if reason is None:
        return predictor
    if unchecked:
        return LooksAhead(predictor, reason)
    raise InputError(f"predictor {name} {reason}; {leave} scores it all the same")


def tested_on(task: Task, predictor: Predictor, name: str, *, unchecked: bool) -> Predictor:
    """As `tested`, on sequences of a task."""
    if is_ours(predictor):
        return predictor
    sequences = task.sample(ROWS, seed=0)
    return tested(predictor, sequences, name, unchecked=unchecked, leave="--unchecked")


def is_ours(predictor: object) -> bool:
    """Whether a predictor is of this package through and through, and has tests of its own.

    A filter that a user wrote counts where it is unrolled here: it never sees what comes.
    """
    if isinstance(predictor, ModulePredictor):
        return is_ours(predictor.module)
    if isinstance(predictor, FilterPredictor):
        return not hasattr(predictor.filter, "unrolled") or is_ours(predictor.filter)
    if isinstance(predictor, functools.partial):
        return is_ours(predictor.func)
    if isinstance(predictor, Foreign) or getattr(predictor, "foreign", False):
        return False
    if inspect.ismethod(predictor):
        return is_ours(predictor.__self__)
    home = predictor.__module__ if inspect.isfunction(predictor) else type(predictor).__module__
    return home.partition(".")[0] == "ntmlab"


def why_not(predictor: Predictor, sequences: Sequences, name: str) -> str | None:
    """What a predictor does that its gap would mean nothing, None if nothing was found.

    A length that it does not take is passed over; that it takes no shorter one at all is said.
    """
    some = _cut(sequences.take(slice(ROWS)), MOST_STEPS)
    steps = some.inputs.shape[1]
    failure: InputError | None = None
    try:
        whole = predict(predictor, some, name)
    except InputError as error:
        predict(predictor, sequences, name)  # what fails everywhere says how
        return f"answers these {len(sequences.inputs)} sequences together only ({error})"
    allowed = ALLOWED_HALF if _is_half(whole) else ALLOWED
    cuts = sorted({*CUTS, steps // 3, steps // 2, steps - 1} & set(range(1, steps)))
    asked = 0
    for cut in cuts:
        part = _cut(some, cut)
        try:
            said = predict(predictor, part, name)
        except InputError as error:
            failure = error
            continue
        asked += 1
        if not _moved(whole[:, :cut], said, part.mask.numpy()) <= allowed:
            return _described(predictor, some, name, whole, said)
    if asked or not cuts or outputs_of(sequences).letters is None:  # half a question may be none
        return None
    return f"takes no shorter sequence, so that none can say whether it looks ahead ({failure})"


def _described(predictor: Predictor, some: Sequences, name: str, whole: Array, said: Array) -> str:
    """How it failed, and whether the same question is answered alike at all."""
    mask, cut = some.mask.numpy(), said.shape[1]
    again = _moved(whole, predict(predictor, some, name), mask)
    if not again <= ALLOWED:
        return f"gives another answer each time, {again:.2g} apart: is dropout on?"
    apart = (np.abs(whole[:, :cut] - said).max(-1) * (mask[:, :cut] > 0)).max(0)
    step, steps = int(apart.argmax()), mask.shape[1]
    return (
        f"looks ahead: what it says at step {step} changes by {apart.max():.2g} when the sequence "
        f"is cut from {steps} to {cut} steps"
    )


def _moved(expected: Array, found: Array, mask: Array) -> float:
    """The largest difference at a scored step."""
    return float((np.abs(expected - found).max(-1) * (mask > 0)).max())


def _is_half(said: Array) -> bool:
    """Whether probabilities come from half precision: all of them are numbers of it."""
    given = torch.from_numpy(said)
    return any(bool((given.to(d).double() == given).all()) for d in (torch.bfloat16, torch.float16))


def _cut(sequences: Sequences, steps: int) -> Sequences:
    """The first steps."""
    inputs, targets, mask = (part[:, :steps] for part in sequences[:3])
    return Sequences(inputs, targets, mask, outputs=outputs_of(sequences))

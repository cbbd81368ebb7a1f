"""Does a predictor look ahead? A cheap test of whatever a user brings, before it is scored.

What looks ahead can cost less than the optimum, and its gap means nothing. So two sequences are cut
short, and their ends and their neighbours are changed: predictions of what is left must stay what
they were. `ntmlab.check_predictor` tries harder and says more.

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
from ntmlab.foreign import is_own
from ntmlab.models import Foreign
from ntmlab.models.predictor import ModulePredictor
from ntmlab.optimal.filter import FilterPredictor
from ntmlab.sequences import Predictor, Sequences, Task, outputs_of

AHEAD: Final = "looks ahead"  # how a row is marked

ROWS: Final = 2
MOST_STEPS: Final = 1024
CUTS: Final = (1, 64, 128)  # and a third, a half, all but the last

# So far may a probability move for other reasons: rounding of single precision, of a pass of
# another length; and that of half precision.
ALLOWED: Final = 1e-4
ALLOWED_HALF: Final = 0.05

HALF: Final = (torch.bfloat16, torch.float16)

# Passes of one shape round alike in any precision: there it may move by this part of itself, as
# Fourier transforms move it. A smaller leak is worth less than 0.03 bits a sequence of 200.
ALLOWED_ALIKE: Final = 1e-4
SURELY_ROUNDING: Final = 1e-7

# Copies of the two rows that stand beside them: a module may do otherwise in a large batch.
BESIDE: Final = 2
BESIDE_IN_A_MODULE: Final = 31


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
        given = (*predictor.args, *predictor.keywords.values())
        return is_ours(predictor.func) and not any(map(callable, given))
    if isinstance(predictor, Foreign) or getattr(predictor, "foreign", False):
        return False
    if inspect.ismethod(predictor):
        return is_ours(predictor.__self__)
    home = type(predictor).__module__
    if inspect.isfunction(predictor):  # its __module__ may be that of another, which it wraps
        home = str(predictor.__globals__.get("__name__"))
    return is_own(home)


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
    allowed = ALLOWED_HALF if _is_half(predictor, whole) else ALLOWED
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
    if (reason := _sees(predictor, some, name, whole)) is not None:
        return reason
    if asked or not cuts or outputs_of(sequences).letters is None:  # half a question may be none
        return None
    return f"takes no shorter sequence, so that none can say whether it looks ahead ({failure})"


def _sees(predictor: Predictor, some: Sequences, name: str, whole: Array) -> str | None:
    """What of later inputs, or of other rows, a predictor's answers depend on.

    Both are found by passes of one shape. What is never drawn may be refused, and is passed over.
    """
    steps = some.inputs.shape[1]
    for cut in sorted({1, steps // 2, steps - 1} & set(range(1, steps))):
        said = _or_none(predictor, _with_another_end(some, cut), name)
        if said is not None and (wrong := _apart(whole[:, :cut], said[:, :cut], some)):
            about = f"when inputs from step {cut} on are others"
            unsteady = _unsteady(predictor, some, name, whole)
            return unsteady or f"looks ahead: {wrong} {about}"
    copies = BESIDE_IN_A_MODULE if isinstance(predictor, ModulePredictor) else BESIDE
    alike, others = (
        _or_none(predictor, _beside(some, neighbours, copies), name)
        for neighbours in (some, _with_another_end(some, 0))
    )
    if alike is not None and others is not None:
        rows = len(whole)
        if wrong := _apart(alike[:rows], others[:rows], some):
            return f"sees other rows of a batch: {wrong} when {copies * rows} beside are others"
    return None


def _apart(expected: Array, found: Array, some: Sequences) -> str:
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


def _or_none(predictor: Predictor, sequences: Sequences, name: str) -> Array | None:
    """A predictor's answer; None where it refuses."""
    try:
        return predict(predictor, sequences, name)
    except InputError:
        return None


def _with_another_end(sequences: Sequences, cut: int) -> Sequences:
    """The same inputs but from a step on: other letters, or those of answers backwards."""
    letters, inputs = outputs_of(sequences).letters, sequences.inputs.clone()
    end = inputs[:, cut:]
    if letters is None:
        inputs[:, cut:] = end.flip(1)
    else:
        inputs[:, cut:] = 1 - end if letters == 2 else end.roll(1, -1)
        inputs[:, 0] = sequences.inputs[:, 0]  # nothing stands there
    return sequences._replace(inputs=inputs)


def _beside(sequences: Sequences, neighbours: Sequences, copies: int) -> Sequences:
    """Sequences in a batch with so many copies of as many others."""
    inputs, targets, mask = (
        torch.cat([own, *[other] * copies])
        for own, other in zip(sequences[:3], neighbours[:3], strict=True)
    )
    return Sequences(inputs, targets, mask, outputs=outputs_of(sequences))


def _described(predictor: Predictor, some: Sequences, name: str, whole: Array, said: Array) -> str:
    """How it failed, and whether the same question is answered alike at all."""
    if (unsteady := _unsteady(predictor, some, name, whole)) is not None:
        return unsteady
    mask, cut = some.mask.numpy(), said.shape[1]
    apart = (np.abs(whole[:, :cut] - said).max(-1) * (mask[:, :cut] > 0)).max(0)
    step, steps = int(apart.argmax()), mask.shape[1]
    return (
        f"looks ahead: what it says at step {step} changes by {apart.max():.2g} when the sequence "
        f"is cut from {steps} to {cut} steps"
    )


def _unsteady(predictor: Predictor, some: Sequences, name: str, whole: Array) -> str | None:
    """Whether the same question is answered otherwise now than it was."""
    again = _moved(whole, predict(predictor, some, name), some.mask.numpy())
    if again <= ALLOWED:
        return None
    about = "is dropout on, or does it remember what it was asked?"
    return f"gives another answer each time, {again:.2g} apart: {about}"


def _moved(expected: Array, found: Array, mask: Array) -> float:
    """The largest difference at a scored step."""
    return float((np.abs(expected - found).max(-1) * (mask > 0)).max())


def _is_half(predictor: Predictor, said: Array) -> bool:
    """Whether probabilities come from half precision: of its weights, or all are numbers of it."""
    if isinstance(predictor, ModulePredictor) and predictor.like(torch.empty(0)).dtype in HALF:
        return True
    given = torch.from_numpy(said)
    return any(bool((given.to(dtype).double() == given).all()) for dtype in HALF)


def _cut(sequences: Sequences, steps: int) -> Sequences:
    """The first steps."""
    inputs, targets, mask = (part[:, :steps] for part in sequences[:3])
    return Sequences(inputs, targets, mask, outputs=outputs_of(sequences))

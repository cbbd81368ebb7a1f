"""Does a predictor look ahead? A cheap test of whatever a user brings, before it is scored.

What looks ahead can cost less than the optimum, and its gap means nothing. So two sequences are cut
short, and their ends and their neighbours are changed: predictions of what is left must stay what
they were, beside few rows and beside many. `ntmlab.check_predictor` tries harder and says more;
what only shows where rows are many and long is found, and said, as they are scored (beside.py).

Legend: B batch, T time, O output channels.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.beside import (
    ALLOWED,
    allowed_for,
    apart,
    moved,
    moved_in_rows,
    with_another_end,
    with_other_ends,
)
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.misread import misread
from ntmlab.evaluation.ours import is_ours
from ntmlab.evaluation.scored import asked
from ntmlab.models.predictor import ModulePredictor
from ntmlab.sequences import Predictor, Sequences, Task, outputs_of

AHEAD: Final = "looks ahead"  # how a row is marked

ROWS: Final = 2
ROWS_READ: Final = 16  # of short sequences, whether outputs are logits
MOST_STEPS: Final = 1024
CUTS: Final = (1, 64, 128)  # and a third, a half, all but the last

# Copies of the two rows that stand beside them: a module may do otherwise in a large batch.
BESIDE: Final = 2
BESIDE_IN_A_MODULE: Final = 31
BESIDE_IN_A_CROWD: Final = 127  # 256 rows in all, as many as a module gets at once
STEPS_IN_A_CROWD: Final = 8

# Steps from which on the inputs are others, a row each: what works in pieces of some size may look
# ahead at the last of each alone.
ENDS: Final = 64
ENDS_IN_A_MODULE: Final = 256


class LooksAhead:
    """A predictor that failed the test, and is scored because the user says so."""

    def __init__(self, predictor: Predictor, reason: str) -> None:
        self.predictor, self.reason = predictor, reason

    def __call__(self, inputs: Tensor) -> Tensor:
        return self.predictor(inputs)


def marked(name: str) -> str:
    """The name of a row whose predictor looks ahead."""
    return f"{name} ({AHEAD})"


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
    sequences = task.sample(ROWS_READ if task.steps <= MOST_STEPS else ROWS, seed=0)
    return tested(predictor, sequences, name, unchecked=unchecked, leave="--unchecked")


def why_not(predictor: Predictor, sequences: Sequences, name: str) -> str | None:
    """What a predictor does that its gap would mean nothing, None if nothing was found.

    A length that it does not take is passed over; that it takes no shorter one at all is said.
    """
    some = _cut(sequences.take(slice(ROWS)), MOST_STEPS)
    steps = some.inputs.shape[1]
    failure: InputError | None = None
    try:
        whole = asked(predictor, some, name)
    except InputError as error:
        asked(predictor, sequences, name)  # what fails everywhere says how
        return f"answers these {len(sequences.inputs)} sequences together only ({error})"
    allowed, weights = allowed_for(predictor, whole), dict(_weights(predictor))
    cuts = sorted({*CUTS, steps // 3, steps // 2, steps - 1} & set(range(1, steps)))
    taken = 0
    for cut in cuts:
        part = _cut(some, cut)
        try:
            said = asked(predictor, part, name)
        except InputError as error:
            failure = error
            continue
        taken += 1
        if not moved(whole[:, :cut], said, part.mask.numpy()) <= allowed:
            return _described(predictor, some, name, whole, said)
    if (reason := _sees(predictor, some, name, whole)) is not None:
        return reason
    if (reason := _misread(predictor, sequences, name)) is not None:
        return reason
    if changed := [of for of, mark in _weights(predictor) if weights[of] != mark]:
        return f"changes its weights as it is asked, {changed[0]} among them"
    if taken or not cuts or outputs_of(sequences).letters is None:  # half a question may be none
        return None
    return f"takes no shorter sequence, so that none can say whether it looks ahead ({failure})"


def _sees(predictor: Predictor, some: Sequences, name: str, whole: Array) -> str | None:
    """What of later inputs, or of other rows, a predictor's answers depend on.

    Both are found by passes of one shape. What is never drawn may be refused, and is passed over.
    """
    steps = some.inputs.shape[1]
    for cut in sorted({1, steps // 2, steps - 1} & set(range(1, steps))):
        said = _or_none(predictor, with_another_end(some, cut), name)
        if said is not None and (wrong := apart(whole[:, :cut], said[:, :cut], some)):
            about = f"when inputs from step {cut} on are others"
            unsteady = _unsteady(predictor, some, name, whole)
            return unsteady or f"looks ahead: {wrong} {about}"
    copies = BESIDE_IN_A_MODULE if isinstance(predictor, ModulePredictor) else BESIDE
    crowds = ((some, copies), (_cut(some, STEPS_IN_A_CROWD), BESIDE_IN_A_CROWD))
    for crowd in crowds:
        if (reason := _sees_others(predictor, *crowd, whole, name)) is not None:
            return reason
    return _sees_an_end(predictor, some, name, whole) or _sees_order(predictor, some, name, whole)


def _sees_an_end(predictor: Predictor, some: Sequences, name: str, whole: Array) -> str | None:
    """What changes before a step from which on inputs are others, of many steps."""
    steps, module = some.inputs.shape[1], isinstance(predictor, ModulePredictor)
    cuts = 1 + np.random.default_rng(0).permutation(steps - 1)
    cuts = np.sort(cuts[: ENDS_IN_A_MODULE if module else ENDS])
    rows = np.arange(len(cuts)) % len(whole)
    many = with_other_ends(some.take(rows), cuts)
    said = _or_none(predictor, many, name) if len(cuts) else None
    if said is None:
        return None
    found = moved_in_rows(whole[rows], said, many.mask.numpy())
    if found.max() <= (allowed := allowed_for(predictor, whole)):
        return None
    if (unsteady := _unsteady(predictor, some, name, whole)) is not None:
        return unsteady
    row = found.argmax()
    alone, same = many.take(np.array([row] * len(whole))), whole[[rows[row]] * len(whole)]
    if moved(same, asked(predictor, alone, name), alone.mask.numpy()) <= allowed:
        return f"says another thing, {found.max():.2g} apart, where {len(cuts)} rows stand beside"
    about = f"when inputs from step {cuts[row]} on are others"
    return f"looks ahead: what it says before changes by {found.max():.2g} {about}"


def _sees_order(predictor: Predictor, some: Sequences, name: str, whole: Array) -> str | None:
    """What changes as rows change places: so do answers that are kept by a question's size."""
    turned = some.take(np.arange(len(whole))[::-1].copy())
    said = _or_none(predictor, turned, name)
    if said is None:
        return None
    found = moved(whole[::-1], said, turned.mask.numpy())
    if found <= allowed_for(predictor, whole):
        return None
    about = "does it keep what it answered before?"
    return f"answers otherwise, {found:.2g} apart, where rows change places: {about}"


def _sees_others(
    predictor: Predictor, some: Sequences, copies: int, whole: Array, name: str
) -> str | None:
    """What changes when so many copies of other rows stand around some, and not of them.

    Or when they stand there at all, which passes of another shape tell, and less exactly.
    """
    rows, steps = some.inputs.shape[:2]
    own = slice(copies // 2 * rows, (copies // 2 + 1) * rows)
    others = with_another_end(some, 0).take(np.zeros(rows, dtype=np.int64))  # no mean stays
    alike, changed = (
        _or_none(predictor, _among(some, neighbours, copies), name) for neighbours in (some, others)
    )
    if alike is None or changed is None:
        return None
    if wrong := apart(alike[own], changed[own], some):
        return f"sees other rows of a batch: {wrong} when {copies * rows} beside are others"
    everywhere = np.tile(whole[:, :steps], (copies + 1, 1, 1))
    further = moved(everywhere, alike, np.tile(some.mask.numpy(), (copies + 1, 1)))
    if further <= allowed_for(predictor, whole):
        return None
    if (unsteady := _unsteady(predictor, some, name, whole[:, :steps])) is not None:
        return unsteady
    return f"says another thing, {further:.2g} apart, where {copies * rows} rows stand beside"


def _misread(predictor: Predictor, sequences: Sequences, name: str) -> str | None:
    """Whether a module's outputs are probabilities, and no logits."""
    if not isinstance(predictor, ModulePredictor):
        return None
    some = _cut(sequences.take(slice(ROWS_READ)), MOST_STEPS)
    said = _or_none(predictor, some, name)
    return None if said is None else misread(said, some)


def _weights(predictor: Predictor) -> Iterator[tuple[str, str]]:
    """A mark of each weight of a module, which is another one after a step of learning."""
    if not isinstance(predictor, ModulePredictor):
        return
    for name, weight in predictor.module.named_parameters():
        real = torch.view_as_real(weight) if weight.is_complex() else weight
        yield name, repr(float(real.detach().sum(dtype=torch.float64)))


def _or_none(predictor: Predictor, sequences: Sequences, name: str) -> Array | None:
    """A predictor's answer; None where it refuses."""
    try:
        return asked(predictor, sequences, name)
    except InputError:
        return None


def _among(sequences: Sequences, neighbours: Sequences, copies: int) -> Sequences:
    """Sequences with so many copies of as many others around them, neither first nor last."""
    before = copies // 2
    inputs, targets, mask = (
        torch.cat([*[other] * before, own, *[other] * (copies - before)])
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
    again = moved(whole, asked(predictor, some, name), some.mask.numpy())
    if again <= ALLOWED:
        return None
    about = "is dropout on, or does it remember what it was asked?"
    return f"gives another answer each time, {again:.2g} apart: {about}"


def _cut(sequences: Sequences, steps: int) -> Sequences:
    """The first steps."""
    inputs, targets, mask = (part[:, :steps] for part in sequences[:3])
    return Sequences(inputs, targets, mask, outputs=outputs_of(sequences))

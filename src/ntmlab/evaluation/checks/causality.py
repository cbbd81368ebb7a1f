"""Does an output depend on later inputs, and does it depend on earlier ones at all?

Legend: B batch, T time, I inputs, O output channels, S steps that are changed.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from torch import Tensor

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.check import Check, Where, failing, passing, skipped
from ntmlab.evaluation.checks.compared import SECONDS_TO_SHRINK, Difference, difference
from ntmlab.evaluation.checks.probes import LONGEST, NEAR, SEED, Probes, near
from ntmlab.evaluation.checks.subject import FilterSubject, Subject, UnusableError

EVERY_STEP: Final = NEAR  # up to this length every step is changed in its turn, of every row
ANY: Final = 1  # beyond it of this row, whose inputs are at random; of others those about these
BORDERS: Final = (8, 16, 32, 64, 96, 128, 160, 192)
ROWS_AT_ONCE: Final = 64
STEPS_AT_ONCE: Final = 2**16  # and fewer rows of long sequences
MEASURED: Final = 2  # rows of each batch whose rounding is measured
SECONDS: Final = 3.0  # at most, about, for changes at a length; and not fewer than
LEAST_STEPS: Final = 8
FAR_SECONDS: Final = 1.0  # the same beyond the usual lengths
FAR_BORDER: Final = 64
MOST_NUMBERS: Final = 2**23  # of the answers to them
MANY_TOGETHER: Final = 4  # of many rows at once, one takes so much less than one of four does
COARSE: Final = 1e-5  # rounding; beyond, a leak of a thousandth would be called so
MOST_ALONE: Final = 24  # steps tried where each takes a pass of its own


class Leak(NamedTuple):
    """An output that a later input changes."""

    base: Tensor  # (T, I)
    changed: int
    found: Difference


class Changes(NamedTuple):
    """The answers to a sequence, and to it with one step changed at a time."""

    whole: Array  # (S, T, O)
    steps: list[int]
    answers: Array  # (S, T, O)
    rounding: Array  # (T,)


Asked = dict[tuple[int, int], Changes]  # what was asked before, by length and row


def causality(
    subject: Subject,
    probes: Probes,
    lengths: Sequence[int],
    asked: Asked,
    more: Sequence[int] = (),
    *,
    alone: bool,
) -> Check:
    """By changing later inputs one at a time, and by cutting sequences at every length.

    At ``more`` lengths, beyond the usual ones, sequences are cut, and as many inputs of the longest
    one changed as there is time for.

    ``alone`` asks for a row at a time, of a predictor whose rows see each other. Where its rounding
    would hide a leak, as that of half precision or of a choice between two, a float64 copy is asked
    as well.
    """
    cuts = sorted({*lengths, *more, *(n - 1 for n in more[-1:])})
    wrong = _seen(subject, probes, lengths, asked, alone=alone) or _cut(subject, probes, cuts)
    wrong = wrong or _beyond(subject, probes, more, asked, alone=alone)
    if wrong is not None:
        return wrong
    hidden = max((changes.rounding.max(initial=0.0) for changes in asked.values()), default=0.0)
    exact = subject.in_float64(probes.of(max(lengths))) if hidden > COARSE else None
    if exact is not None and (wrong := _seen(exact, probes, lengths, {}, alone=alone)) is not None:
        return wrong._replace(message=f"in float64 {wrong.message}")
    tried = ", ".join(map(str, cuts))
    far = f" (of those beyond {LONGEST}, {len(asked[more[-1], ANY].steps)})" if more else ""
    about = f"later inputs changed one at a time{far}, sequences cut at {tried} steps"
    return passing("causality", about + probes.untried)


def _seen(
    subject: Subject, probes: Probes, lengths: Sequence[int], asked: Asked, *, alone: bool
) -> Check | None:
    """The smallest later input that an output sees; what was asked is noted."""
    for length in sorted({near(lengths), max(lengths)}):
        for row, base in enumerate(probes.of(length)):
            steps = _steps(probes, length, row, alone=alone)
            asked[length, row] = _changes(subject, probes, base, steps, alone=alone)
            leak = _leak(subject, base, asked[length, row])
            if leak is not None:
                return _failed(probes, _smallest(subject, probes, leak))
    return None


def _beyond(
    subject: Subject, probes: Probes, more: Sequence[int], asked: Asked, *, alone: bool
) -> Check | None:
    """As above, of one row of the longest sequences, and of what lies beyond the usual lengths."""
    for length in more[-1:]:
        base, steps = probes.of(length)[ANY], _far_steps(probes, length, alone=alone)
        asked[length, ANY] = _changes(subject, probes, base, steps, alone=alone)
        leak = _leak(subject, base, asked[length, ANY])
        if leak is not None:
            return _failed(probes, _smallest(subject, probes, leak))
    return None


def past(
    subject: Subject, probes: Probes, lengths: Sequence[int], asked: Asked, *, alone: bool
) -> Check:
    """That changing an input changes what is said later, and a symbol what is said next."""
    length, reach, uniform = near(lengths), set[int](), True
    for number, base in enumerate(probes.of(length)):
        steps = _steps(probes, length, number, alone=alone)
        known = asked.get((length, number))
        changes = known or _changes(subject, probes, base, steps, alone=alone)
        uniform = uniform and bool((changes.whole == changes.whole.flat[0]).all())
        moved = (changes.answers != changes.whole).any(-1)
        for row, step in zip(moved, changes.steps, strict=True):
            reach |= {int(lag) for lag in np.flatnonzero(row[step:])}
    if uniform and isinstance(subject, FilterSubject):
        return skipped("past", "it says the same always, as a coin does")
    return _reached(subject, probes, reach, length)


def _reached(subject: Subject, probes: Probes, reach: set[int], length: int) -> Check:
    """What follows from how many steps later inputs had an effect."""
    place = Where(length)
    if not reach:
        return failing("past", f"changing any input of {length} steps changes no output", place)
    if probes.letters is not None and 0 not in reach:
        late = f"the newest symbol has no effect until {min(reach)} steps later"
        return failing("past", f"{late}: is the output shifted?", place)
    furthest = length - 1 - probes.changeable(length)[0]
    if max(reach) == furthest == 0:
        about = f"{length} steps, the most it was asked for, have no input of an earlier step"
        return skipped("past", about)
    if max(reach) == 0 and not isinstance(subject, FilterSubject):
        message = "an input has an effect on its own step alone: there is no memory of earlier ones"
        return failing("past", message, place)
    return passing("past", f"inputs have an effect up to {max(reach)} of {length - 1} steps later")


def _changes(
    subject: Subject, probes: Probes, base: Tensor, steps: Sequence[int], *, alone: bool
) -> Changes:
    """A sequence (T, I) as it is, and with each of the steps changed.

    Both are asked for in batches of the same shape, so that a row of one is computed as in the
    other. What answers a task may refuse a changed sequence that is never drawn: it is left out.
    """
    fitting = max(1, min(ROWS_AT_ONCE, STEPS_AT_ONCE // len(base)))
    at_once = 1 if alone or probes.strict else fitting
    first = subject.values(base[None])
    whole, answers, kept = [first[:0]], [first[:0]], []
    rounding = subject.rounding(base[None], first)
    for some in _batched(steps, at_once):
        rows = probes.changed(base, some)
        try:
            values = subject.values(rows)
        except UnusableError:
            if not probes.strict:
                raise
            continue
        kept += some
        answers.append(values)
        whole.append(subject.values(base.repeat(len(some), 1, 1)))
        few = rows[:: max(1, len(some) // MEASURED)]
        # Of a pass of their own: beside others, what they see of these would be called rounding.
        rounding = np.maximum(rounding, subject.rounding(few, subject.values(few)))
    return Changes(np.concatenate(whole), kept, np.concatenate(answers), rounding)


def _leak(subject: Subject, base: Tensor, changes: Changes) -> Leak | None:
    """The first changed step that an output before it sees."""
    for row, step in enumerate(changes.steps):
        before = changes.whole[row : row + 1, :step], changes.answers[row : row + 1, :step]
        if step and (found := difference(subject, *before, changes.rounding[:step])) is not None:
            return Leak(base, step, found)
    return None


def _smallest(subject: Subject, probes: Probes, leak: Leak) -> Leak:
    """The shortest sequence whose last input an earlier output sees; the leak itself at worst.

    First the one that ends where the leak is, then from the shortest on while there is time.
    """
    until = time.monotonic() + SECONDS_TO_SHRINK
    ends = leak.changed + 1
    bases = [*probes.of(len(leak.base))[2:3], leak.base]  # the plainest one first
    best = next(filter(None, (_at_end(subject, probes, base[:ends]) for base in bases)), leak)
    for length in range(2, ends):
        for base in bases:
            if time.monotonic() > until:
                return best
            if (found := _at_end(subject, probes, base[:length])) is not None:
                return found
    return best


def _at_end(subject: Subject, probes: Probes, base: Tensor) -> Leak | None:
    """The leak of the last input of a sequence (T, I), if there is one."""
    try:
        changes = _changes(subject, probes, base, [len(base) - 1], alone=True)
    except UnusableError:
        return None
    return _leak(subject, base, changes)


def _failed(probes: Probes, leak: Leak) -> Check:
    found, length = leak.found, len(leak.base)
    ahead = leak.changed - found.step
    guess = "; it looks one step ahead: is the output aligned?" if ahead == 1 and length < 4 else ""
    message = (
        f"the output at step {found.step} of {length} changes by {found.amount} when the later "
        f"input {leak.changed} is changed, after {probes.written(leak.base)}{guess}"
    )
    where = Where(length, found.step, None, leak.changed)
    return failing("causality", message, where, found.size, found.bits)


def _cut(subject: Subject, probes: Probes, lengths: Sequence[int]) -> Check | None:
    """Whether a sequence that is cut is answered otherwise than the whole one."""
    inputs = probes.of(max(lengths))
    whole = subject.values(inputs)
    rounding = subject.rounding(inputs, whole)
    for length in lengths:
        part = subject.values(inputs[:, :length])
        if (found := difference(subject, whole[:, :length], part, rounding[:length])) is not None:
            message = (
                f"cut after {length} of {len(inputs[0])} steps, the output at step {found.step} is "
                f"another by {found.amount}"
            )
            where = Where(length, found.step, found.row, length)
            return failing("causality", message, where, found.size, found.bits)
    return None


def _steps(probes: Probes, length: int, row: int, *, alone: bool) -> list[int]:
    """The steps to change: all of a short sequence and of one at random, else those about borders.

    Of a slow predictor fewer: the ends first, then those about borders, then others.
    """
    every = probes.changeable(length)
    about = {b + d for b in BORDERS for d in (0, 1, -1, 2)} | {1, length - 2, length - 1}
    if length > EVERY_STEP and row != ANY:
        every = [step for step in every if step in about]
    most = _most(probes, length, SECONDS, every_row=row != ANY, alone=alone)
    first = [length - 1, 1, *(b + d for d in (0, 1, -1, 2) for b in reversed(BORDERS)), *every]
    return sorted(list(dict.fromkeys(step for step in first if step in every))[:most])


def _far_steps(probes: Probes, length: int, *, alone: bool) -> list[int]:
    """The steps beyond the usual lengths to change, in order: the end, about borders, any."""
    every = [step for step in probes.changeable(length) if step >= LONGEST]
    most = _most(probes, length, FAR_SECONDS, every_row=False, alone=alone)
    most = max(LEAST_STEPS, min(most, MOST_NUMBERS // probes.of(length)[ANY].numel()))
    borders = range(FAR_BORDER * (LONGEST // FAR_BORDER + 1), length, FAR_BORDER)
    about = [b + d for d in (0, 1, -1, 2) for b in borders if b + d < length]
    drawn = np.random.default_rng(SEED).permutation(every).tolist()
    return sorted(list(dict.fromkeys([length - 1, *about, *drawn]))[:most])


def _most(probes: Probes, length: int, seconds: float, *, every_row: bool, alone: bool) -> int:
    """How many steps there is time to change."""
    kinds = 1 / MANY_TOGETHER if not (every_row or alone) else Probes.rows
    asked = 2 * kinds * probes.seconds_of(1, length)  # as it is and changed
    most = max(LEAST_STEPS, int(seconds / max(asked, 1e-9)))
    return min(most, MOST_ALONE) if alone else most


def _batched(steps: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(steps), size):
        yield list(steps[start : start + size])

"""Does a sequence in pieces, the state carried from one to the next, equal the whole?"""

import itertools
import time
from collections.abc import Sequence
from typing import Final

from ntmlab.evaluation.checks.check import Check, Where, failing, passing, skipped
from ntmlab.evaluation.checks.compared import SECONDS_TO_SHRINK, Difference, difference
from ntmlab.evaluation.checks.probes import Probes, near
from ntmlab.evaluation.checks.subject import Subject, UnusableError

# Where sequences are cut: about chunks, in halves, into three, and into single steps.
CUTS: Final = ((1,), (2,), (33,), (63,), (64,), (65,), (66,), (127,), (128,), (33, 67), (64, 65))


def state(subject: Subject, probes: Probes, lengths: Sequence[int]) -> Check:
    """Single steps, and pieces cut about the borders of chunks, beside one pass."""
    if subject.stateless:
        return skipped("state", subject.stateless)
    splits = _splits(lengths, set(probes.lengths) - set(lengths))
    for length, cuts in splits:
        if (found := _broken(subject, probes, length, cuts)) is not None:
            return _failed(probes, *_smallest(subject, probes, length, cuts, found))
    tried = [_written(length, cuts) for length, cuts in splits]
    return passing("state", f"in pieces of {', '.join(tried)} as in one pass")


def _splits(lengths: Sequence[int], bad: set[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Lengths and the steps that they are cut before; no piece of a length that fails alone."""
    single, length = near(lengths), min(130, max(lengths))
    every = [(single, tuple(range(1, single)))] if single > 1 else []
    every += [(length, cuts) for cuts in CUTS if cuts[-1] < length]
    return [(n, cuts) for n, cuts in every if not bad & {n, *_sizes(n, cuts)}]


def _broken(
    subject: Subject, probes: Probes, length: int, cuts: tuple[int, ...]
) -> Difference | str | None:
    """How the pieces differ from the whole; words where they cannot be had."""
    inputs = probes.of(length)
    whole = subject.values(inputs)
    try:
        pieces = subject.pieces(inputs, cuts)
    except UnusableError as error:
        return str(error)
    return difference(subject, whole, pieces, subject.rounding(inputs, whole))


def _smallest(
    subject: Subject, probes: Probes, length: int, cuts: tuple[int, ...], found: Difference | str
) -> tuple[int, tuple[int, ...], Difference | str]:
    """The shortest sequence, cut once or into single steps, that shows it."""
    until = time.monotonic() + SECONDS_TO_SHRINK
    for shorter in range(2, length + 1):
        if time.monotonic() > until:
            break
        for tried in {(1,), (shorter // 2,), (shorter - 1,), tuple(range(1, shorter))}:
            if (smaller := _broken(subject, probes, shorter, tried)) is not None:
                return shorter, tried, smaller
    return length, cuts, found


def _failed(probes: Probes, length: int, cuts: tuple[int, ...], found: Difference | str) -> Check:
    pieces = f"in pieces of {_written(length, cuts)} steps"
    if isinstance(found, str):
        return failing("state", f"{pieces} {found}", Where(length, other=cuts[0]))
    message = (
        f"{pieces}, the state carried, the output at step {found.step} differs from one pass by "
        f"{found.amount}, with {probes.written(probes.of(length)[found.row])}"
    )
    where = Where(length, found.step, found.row, cuts[0])
    return failing("state", message, where, found.size, found.bits)


def _written(length: int, cuts: tuple[int, ...]) -> str:
    """Sizes of pieces, such as 33 + 34.

    >>> _written(67, (33,)), _written(3, (1, 2)), _written(2, (1,))
    ('33 + 34', '3 x 1', '1 + 1')
    """
    sizes = _sizes(length, cuts)
    if len(sizes) > 2 and set(sizes) == {1}:
        return f"{length} x 1"
    return " + ".join(map(str, sizes))


def _sizes(length: int, cuts: tuple[int, ...]) -> list[int]:
    return [end - start for start, end in itertools.pairwise((0, *cuts, length))]

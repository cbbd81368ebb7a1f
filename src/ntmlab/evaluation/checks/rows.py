"""Does a row of a batch see the others?

Legend: B batch, T time, O output channels.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.check import Check, Where, failing, passing
from ntmlab.evaluation.checks.compared import SECONDS_TO_SHRINK, Difference, difference
from ntmlab.evaluation.checks.probes import Probes, near
from ntmlab.evaluation.checks.subject import Subject, UnusableError

MORE_ROWS: Final = (7, 60, 250)  # what works in groups of rows may do so from a number on
SECONDS: Final = 1.0  # a larger batch takes no longer


class Other(NamedTuple):
    """Rows asked for in another way."""

    way: str
    ask: Callable[[Subject, Tensor], Array]


def rows(subject: Subject, probes: Probes, lengths: Sequence[int]) -> Check:
    """Each row alone, in another order, and beside other rows, as in the batch of all."""
    ways = list(_ways(probes, near(lengths)))
    for length in sorted({near(lengths), max(lengths)}):
        for way in ways:
            if (found := _seen(subject, probes.of(length), way)) is not None:
                return _smallest(subject, probes, length, ways) or _failed(length, way, found)
    return passing("rows", f"alike {', '.join(way.way for way in ways)}")


def _ways(probes: Probes, length: int) -> Iterator[Other]:
    yield Other("alone", lambda subject, x: np.concatenate([subject.values(r) for r in x.split(1)]))
    yield Other("in another order", lambda subject, x: subject.values(x.flip(0))[::-1])

    def before(more: int, subject: Subject, inputs: Tensor) -> Array:
        others = probes.others(more, inputs.shape[1])
        return subject.values(torch.cat([inputs, others]))[: len(inputs)]

    def behind(more: int, subject: Subject, inputs: Tensor) -> Array:
        others = probes.others(more, inputs.shape[1])
        return subject.values(torch.cat([others, inputs]))[-len(inputs) :]

    least = min(MORE_ROWS)
    for more in [n for n in MORE_ROWS if n == least or probes.seconds_of(n, length) < SECONDS]:
        yield Other(f"beside {more} others", partial(before, more))
    yield Other(f"behind {more} others", partial(behind, more))


def _seen(subject: Subject, inputs: Tensor, other: Other) -> Difference | str | None:
    batch = subject.values(inputs)
    try:
        found = other.ask(subject, inputs)
    except UnusableError as error:
        return str(error)
    return difference(subject, batch, found, subject.rounding(inputs, batch))


def _smallest(subject: Subject, probes: Probes, length: int, ways: list[Other]) -> Check | None:
    """The fewest steps at which two rows, or else all, show it."""
    until = time.monotonic() + SECONDS_TO_SHRINK
    for shorter in range(1, length + 1):
        if time.monotonic() > until:
            break
        inputs = probes.of(shorter)
        for pair in ((0, 1), (2, 3), (0, 3)):
            if (found := _seen(subject, inputs[list(pair)], ways[0])) is not None:
                return _failed(shorter, ways[0], found, pair)
    return None


def _failed(
    length: int, way: Other, found: Difference | str, pair: tuple[int, int] | None = None
) -> Check:
    """A failure in the batch of all rows, or in that of a pair."""
    batch, other = f"in a batch of {Probes.rows} rows of {length} steps", None
    if isinstance(found, str):
        return failing("rows", f"{way.way} {found}", Where(length))
    if pair is not None:
        batch = f"in a batch of rows {pair[0]} and {pair[1]} of {length} steps"
        found, other = found._replace(row=pair[found.row]), pair[1 - found.row]
    message = (
        f"{batch} the output of row {found.row} at step {found.step} is another than {way.way}, by "
        f"{found.amount}: it sees its neighbours"
    )
    where = Where(length, found.step, found.row, other)
    return failing("rows", message, where, found.size, found.bits)

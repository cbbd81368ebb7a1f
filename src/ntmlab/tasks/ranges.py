"""Checks of a task's sizes: one clear line for a wrong one."""

from typing import NamedTuple

from ntmlab.errors import InputError
from ntmlab.given import check_whole

# Steps of the longest sequence that is drawn: beyond it memory, not the task, sets the limit.
MOST_STEPS = 2**16

# Letters of the longest sequence that is drawn at once; a stream may go on.
MOST_LENGTH = 10**8

# A vector is drawn from one raw number of 64 bits.
WIDEST = 64


class Range(NamedTuple):
    """How far a size goes where a person moves it about, and where it stands at first.

    A task may have ``ranges``, one for each of its sizes, or the words that an option may be.
    """

    least: int
    first: int
    most: int


def check_steps(steps: int) -> None:
    """Raises InputError for sequences of too many steps."""
    if steps > MOST_STEPS:
        raise InputError(f"sequences of {steps:,} steps are too long; at most {MOST_STEPS:,} go")


def check_range(name: str, least: object, most: object, floor: int = 1) -> None:
    """Raises InputError unless floor <= min_NAME <= max_NAME, both whole."""
    if least == most:
        check_whole(name, least, floor)
    check_whole(f"min_{name}", least, floor)
    check_whole(f"max_{name}", most, floor)
    if least > most:  # type: ignore[operator]
        raise InputError(f"min_{name} {least} is larger than max_{name} {most}")

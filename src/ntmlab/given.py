"""Numbers that a user gives: what counts as one, and one clear line for a wrong one."""

from collections.abc import Iterable
from typing import TypeGuard

from ntmlab.errors import InputError


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number; True and False, which Python counts among them, are not.

    >>> [is_whole(value) for value in (3, 3.0, True)]
    [True, False, False]
    """
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number, whole or not; NaN and infinities are, True and False are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_whole(name: str, value: object, least: int, most: int | None = None) -> None:
    """Raises InputError unless the value is a whole number from ``least`` to ``most``."""
    if not is_whole(value) or value < least or (most is not None and value > most):
        bound = f"at least {least}" if most is None else f"from {least} to {most}"
        raise InputError(f"{name} must be a whole number {bound}, not {value!r}")


def check_probability(name: str, value: object, *, certain: bool = True) -> float:
    """A probability, below 1 unless ``certain``; raises InputError for what is none."""
    if not is_number(value) or not 0 <= value <= 1 or (value == 1 and not certain):
        bounds = "between 0 and 1" if certain else "from 0 to below 1"
        raise InputError(f"{name} must be a probability, {bounds}, not {value!r}")
    return float(value)


def check_once(keys: Iterable[str]) -> None:
    """Raises InputError where a key is given twice: one of its two values would be ignored."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise InputError(f"{key} is given twice")
        seen.add(key)

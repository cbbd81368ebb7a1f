"""Checks of sizes at the public edge of every model."""

import math

from torch import Tensor

from ntmlab.errors import InputError


def check_positive(**sizes: int) -> None:
    """Raises InputError unless every size is a whole number of at least 1."""
    for name, size in sizes.items():
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise InputError(f"{name} must be a whole number of at least 1, not {size!r}")


def check_choice(name: str, value: object, *known: str) -> None:
    """Raises InputError unless the value is one of those known."""
    if value not in known:
        raise InputError(f"{name} must be {' or '.join(map(repr, known))}, not {value!r}")


def check_finite(**values: float) -> None:
    """Raises InputError unless every value is a finite number."""
    for name, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise InputError(f"{name} must be a finite number, not {value!r}")


def check_inputs(inputs: Tensor, input_size: int) -> None:
    """Raises InputError unless inputs are (B, T, input_size) with at least one row and step."""
    if inputs.ndim != 3 or inputs.shape[2] != input_size or 0 in inputs.shape[:2]:
        raise InputError(
            f"inputs must have shape (batch, time, {input_size}) with batch and time of at least "
            f"1, not {tuple(inputs.shape)}"
        )

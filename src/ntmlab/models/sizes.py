"""Checks of sizes at the public edge of every model."""

from torch import Tensor

from ntmlab.errors import InputError


def check_positive(**sizes: int) -> None:
    """Raises InputError unless every size is a whole number of at least 1."""
    for name, size in sizes.items():
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise InputError(f"{name} must be a whole number of at least 1, not {size!r}")


def check_inputs(inputs: Tensor, input_size: int) -> None:
    """Raises InputError unless inputs are (B, T, input_size) with at least one row and step."""
    if inputs.ndim != 3 or inputs.shape[2] != input_size or 0 in inputs.shape[:2]:
        raise InputError(
            f"inputs must have shape (batch, time, {input_size}) with batch and time of at least "
            f"1, not {tuple(inputs.shape)}"
        )

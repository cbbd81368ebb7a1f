"""Checks at the public edge of every model: sizes, options, inputs and states."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.given import is_number, is_whole
from ntmlab.kernels.autograd import is_autocast

State = TypeVar("State", bound=tuple[Tensor, ...])
# What a user hands in: a model's own state, or its parts in any lists, tuples and dictionaries.
GivenState = Sequence[Any] | Mapping[str, Tensor] | None
MOST_SIZE: Final = 2**24  # more is a slip: weights from 16 units to so many take a GiB
MOST_LAYERS: Final = 1024
GivenLengths = Tensor | NDArray[np.integer[Any]] | Sequence[int]


def check_positive(**sizes: int) -> None:
    """Raises InputError unless every size is a whole number of at least 1."""
    check_at_least(1, **sizes)


def check_at_least(least: int, **sizes: int) -> None:
    """Raises InputError unless every size is a whole number from ``least`` to what can be meant."""
    for name, size in sizes.items():
        if not is_whole(size) or size < least:
            raise InputError(f"{name} must be a whole number of at least {least}, not {size!r}")
        most = MOST_LAYERS if name.endswith("layers") else MOST_SIZE
        if size > most:
            raise InputError(f"{name} must be at most {most:,}, not {size}")


def check_choice(name: str, value: object, *known: object) -> None:
    """Raises InputError unless the value is one of those known."""
    if value not in known:
        raise InputError(f"{name} must be {' or '.join(map(repr, known))}, not {value!r}")


def check_finite(**values: float) -> None:
    """Raises InputError unless every value is a finite number."""
    for name, value in values.items():
        if not is_number(value) or not math.isfinite(value):
            raise InputError(f"{name} must be a finite number, not {value!r}")


def check_not_negative(**values: float) -> None:
    """Raises InputError unless every value is a finite number of at least 0."""
    check_finite(**values)
    for name, value in values.items():
        if value < 0:
            raise InputError(f"{name} must not be negative, not {value!r}")


def check_batch_first(batch_first: bool) -> None:
    """Raises InputError unless it is True, the one order of axes that the models know."""
    if batch_first is not True:
        raise InputError(
            "inputs and states have the batch first, (B, T, I); there is no batch_first=False"
        )


def has_numbers(saved: Tensor) -> bool:
    """Whether models have such a tensor still: an LSTM of one layer once had one of no numbers."""
    return saved.numel() > 0


def check_dense(name: str, tensor: Tensor) -> None:
    """Raises InputError for a tensor that is nested, sparse or masked."""
    masked = isinstance(tensor, torch.masked.MaskedTensor)
    if masked or tensor.is_nested or tensor.layout != torch.strided:
        kind = "nested" if tensor.is_nested else str(tensor.layout).removeprefix("torch.")
        kind, how = ("masked", "its get_data()") if masked else (kind, "padded")
        raise InputError(
            f"{name} must be a dense tensor, not a {kind} one; rows of several lengths are {how}, "
            "with lengths=, or a PackedSequence"
        )


def check_inputs(inputs: Tensor, input_size: int) -> None:
    """Raises InputError unless inputs are (B, T, input_size) with at least one step."""
    if not isinstance(inputs, Tensor):
        raise InputError(f"inputs must be a tensor, not {type(inputs).__name__}")
    check_dense("inputs", inputs)
    if inputs.ndim != 3 or inputs.shape[2] != input_size or inputs.shape[1] == 0:
        raise InputError(
            f"inputs must have shape (batch, time, {input_size}) with a time of at least 1, "
            f"not {tuple(inputs.shape)}"
        )


def as_inputs(inputs: Tensor, input_size: int, weights: Tensor) -> Tensor:
    """Inputs (B, T, input_size) as a model with these weights computes with them.

    Raises InputError if their shape, dtype or device does not fit.
    """
    check_inputs(inputs, input_size)
    return like_weights("inputs", inputs, weights)


def like_weights(name: str, tensor: Tensor, weights: Tensor) -> Tensor:
    """The tensor; where autocast may have made it another float, in the weights' dtype.

    Raises InputError if its dtype or device is not that of the weights.
    """
    check_dense(name, tensor)
    if (tensor.dtype, tensor.device) == (weights.dtype, weights.device):
        return tensor
    if (
        tensor.device == weights.device
        and tensor.is_floating_point()
        and is_autocast(tensor.device)
    ):
        return tensor.to(weights.dtype)
    raise InputError(
        f"{name} must be {weights.dtype} on {weights.device} like the model's weights, "
        f"not {tensor.dtype} on {tensor.device}"
    )


def as_lengths(lengths: GivenLengths, rows: int, steps: int) -> list[int]:
    """The lengths of so many rows; raises InputError unless each is a whole number up to steps."""
    if isinstance(lengths, Tensor):
        check_dense("lengths", lengths)
    is_array = isinstance(lengths, Tensor | np.ndarray)
    given: Any = lengths
    found = given.tolist() if is_array else given
    if not isinstance(found, Sequence) or len(found) != rows:
        shape = tuple(given.shape) if is_array else repr(given)[:40]
        raise InputError(f"lengths must be one whole number for each of {rows} rows, not {shape}")
    for length in found:
        if not is_whole(length) or not 0 <= length <= steps:
            raise InputError(f"lengths must be whole numbers from 0 to {steps}, not {length!r}")
    return list(found)


def as_state(kind: type[State], state: Any, weights: Tensor) -> State:
    """A state in a model's own type, from that or from its parts in any container.

    That is a list or tuple of them, nested or not, or a dictionary by name. Raises InputError for
    another number of parts, or parts that are no tensors like the weights.
    """
    fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    if type(state) is kind:
        parts = tuple(state)
    else:
        parts = () if isinstance(state, Tensor) else tuple(_leaves(state, fields))
    if len(parts) != len(fields) or not all(isinstance(part, Tensor) for part in parts):
        found = ", ".join(type(part).__name__ for part in parts) or type(state).__name__
        raise InputError(f"state must be tensors ({', '.join(fields)}), not ({found})")
    named = zip(fields, parts, strict=True)
    return kind(*(like_weights(f"state.{name}", part, weights) for name, part in named))


def fitting_state(
    state: GivenState, start: State, weights: Tensor, *, free: int | None = None
) -> State:
    """A state in the type and the shapes of a model's own first one.

    ``free`` is an axis, of every part, that may have another length. Raises InputError for what
    does not fit.
    """
    given = as_state(type(start), state, weights)
    fields: tuple[str, ...] = start._fields  # type: ignore[attr-defined]
    for name, part, own in zip(fields, given, start, strict=True):
        expected = [None if axis == free else size for axis, size in enumerate(own.shape)]
        if len(expected) != part.ndim or any(
            size not in (None, found) for size, found in zip(expected, part.shape, strict=True)
        ):
            sizes = ", ".join("any" if size is None else str(size) for size in expected)
            raise InputError(f"state.{name} must have shape ({sizes}), not {tuple(part.shape)}")
    return given


def _leaves(state: Any, fields: tuple[str, ...]) -> list[Any]:
    """The parts of a state in their order, out of whatever holds them."""
    if isinstance(state, Mapping):
        return [state[name] for name in fields] if set(state) == set(fields) else [state]
    if isinstance(state, Sequence) and not isinstance(state, str):
        return [leaf for part in state for leaf in _leaves(part, fields)]
    return [state]

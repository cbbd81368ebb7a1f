"""Checks that operations make at their public edge."""

from torch import Tensor

from ntmlab.errors import InputError


def check_tensors(inputs: Tensor, expected: dict[str, tuple[Tensor, tuple[int, ...]]]) -> None:
    """Raises InputError for the first tensor that has not the shape it must have.

    Or not the dtype and device of the inputs, which must be floating.
    """
    if not inputs.dtype.is_floating_point:
        raise InputError(f"inputs must have a floating dtype, not {inputs.dtype}")
    dtype, device = inputs.dtype, inputs.device
    for name, (tensor, shape) in expected.items():
        if tensor.shape != shape:
            raise InputError(f"{name} must have shape {shape}, not {tuple(tensor.shape)}")
        if tensor.dtype != dtype or tensor.device != device:
            raise InputError(
                f"{name} must be {dtype} on {device} like the inputs, "
                f"not {tensor.dtype} on {tensor.device}"
            )

"""What a predictor returned, as numbers."""

from typing import Final

import numpy as np
import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.foreign import described

ROUNDING: Final = 1e-6  # of probabilities of 0 and 1: a sum in float32 ends so much beyond


def as_array(result: object, name: str) -> Array:
    """What a predictor returned as float64, wherever and in whatever precision it is."""
    try:
        if isinstance(result, Tensor):
            result = result.detach().cpu()
            result = result.to(torch.complex128 if result.is_complex() else torch.float64).numpy()
        hidden = bool(np.ma.is_masked(result))
        array = np.asarray(result)
    except Exception as error:
        raise InputError(f"predictor {name} returned no array: {described(error)}") from None
    if hidden:
        raise InputError(f"predictor {name} returned an array in which numbers are masked")
    if array.dtype.kind not in "fiub":
        raise InputError(f"predictor {name} returned {array.dtype} in place of real numbers")
    return array.astype(np.float64)


def as_probabilities(result: object, name: str) -> Array:
    """As `as_array`; what rounding alone put below 0 or above 1 is 0 or 1."""
    array = as_array(result, name)
    array[(array < 0) & (array >= -ROUNDING)] = 0
    array[(array > 1) & (array <= 1 + ROUNDING)] = 1
    return array

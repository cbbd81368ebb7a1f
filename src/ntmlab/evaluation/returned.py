"""What a predictor returned, as numbers."""

import numpy as np
import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.foreign import described


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

"""Bits per sequence, summed up over sequences."""

import numpy as np
from numpy.typing import NDArray

from ntmlab.optimal.expected import mean_and_error

__all__ = ["Array", "Floats", "mean_and_error"]

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

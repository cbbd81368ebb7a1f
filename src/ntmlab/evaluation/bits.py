"""Bits per sequence, summed up over sequences."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Floats = NDArray[np.float32]


def mean_and_error(values: Array) -> tuple[float, float]:
    """Mean over sequences and its standard error; the error of a single one is not a number."""
    count = len(values)
    mean = float(np.mean(values))
    if count < 2 or not np.isfinite(mean):
        return mean, float("nan")
    return mean, float(np.std(values, ddof=1) / np.sqrt(count))

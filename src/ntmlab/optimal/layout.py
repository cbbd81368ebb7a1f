"""Vectors laid out in time. Pure functions, used by tasks and by their exact answers alike.

Legend: B batch, T time, S vectors of a row, W bits of a vector.
"""

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Vectors = NDArray[np.float32]


def laid_out(vectors: Vectors, index: Index) -> Vectors:
    """The vector of a number at every step, (B, T, W), zeros where the number is negative.

    ``vectors`` is (B, S, W), ``index`` (B, T) with numbers below S.

    >>> laid_out(np.float32([[[1, 2], [3, 4]]]), np.array([[1, -1, 0]])).tolist()
    [[[3.0, 4.0], [0.0, 0.0], [1.0, 2.0]]]
    """
    chosen = np.take_along_axis(vectors, np.maximum(index, 0)[..., None], axis=1)
    return np.where((index >= 0)[..., None], chosen, np.float32(0)).astype(np.float32)


def counted(steps: int, start: Index, count: Index) -> Index:
    """0, 1, ... at ``count`` steps from ``start`` on, -1 at all others, (B, T).

    >>> counted(6, np.array([1, 3]), np.array([2, 3])).tolist()
    [[-1, 0, 1, -1, -1, -1], [-1, -1, -1, 0, 1, 2]]
    """
    number = np.arange(steps) - start[:, None]  # (B, T)
    return np.where((number >= 0) & (number < count[:, None]), number, -1)


def at(steps: int, place: Index) -> NDArray[np.float32]:
    """1 at one step of every row, (B, T); a place outside gives none."""
    flags: NDArray[np.bool_] = np.arange(steps) == place[:, None]
    return flags.astype(np.float32)

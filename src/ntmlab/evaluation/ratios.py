"""Means over the steps of many sequences, with errors that know steps of a sequence are alike.

Legend: B sequences, T time, K bins.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ntmlab.evaluation.bits import Array


class Profile(NamedTuple):
    """A quantity, resolved: ``mean[i]`` in bin i, with standard errors over sequences."""

    mean: Array
    se: Array
    steps: NDArray[np.int64]  # how many steps each mean is taken over


class Ratio(NamedTuple):
    """Sums of a quantity in each sequence and how many steps they are taken over, (B, ...) each."""

    sums: Array
    counts: Array

    def profile(self) -> Profile:
        """Means and standard errors over sequences, (...); not a number where there is no step.

        The mean is over steps, all sequences together. Its error takes sequences as independent
        and steps as not: that of a ratio of two means. Where all steps are of one sequence it is
        not a number.

        >>> ratio = Ratio(np.array([[2.0], [4.0]]), np.array([[1.0], [1.0]]))
        >>> [value.tolist() for value in ratio.profile()]
        [[3.0], [1.0], [2]]
        """
        sequences, total = len(self.sums), self.counts.sum(0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self.sums.sum(0) / total
            rest = ((self.sums - mean * self.counts) ** 2).sum(0)
            se = np.sqrt(rest * sequences / (sequences - 1)) / total
        se = np.where(np.count_nonzero(self.counts, 0) > 1, se, np.nan)
        return Profile(mean, se, total.astype(np.int64))

    @classmethod
    def of(cls, values: Array, counted: NDArray[np.bool_]) -> Self:
        """A single mean over the steps that are counted; both (B, T)."""
        return cls(np.where(counted, values, 0.0).sum(1), counted.sum(1).astype(np.float64))

    @classmethod
    def by_bin(cls, values: Array, bins: NDArray[np.int64], size: int) -> Self:
        """A mean for each of ``size`` bins, (B, K), over the steps (B, T) that name it.

        Steps whose bin is negative are left out; those beyond the last bin count in it.

        >>> Ratio.by_bin(np.array([[1.0, 2.0, 4.0]]), np.array([[0, -1, 7]]), 2).sums.tolist()
        [[1.0, 4.0]]
        """
        own = np.minimum(bins, size - 1) + size * np.arange(len(bins))[:, None]
        kept = bins >= 0
        shape = (len(bins), size)
        sums = np.bincount(own[kept], values[kept], len(bins) * size).reshape(shape)
        counts = np.bincount(own[kept], minlength=len(bins) * size).reshape(shape)
        return cls(sums.astype(np.float64), counts.astype(np.float64))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The same quantity on more sequences."""
        return cls(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))

    @classmethod
    def stacked(cls, parts: Sequence[Self]) -> Self:
        """Quantities of the same sequences side by side, on a new axis after the sequences."""
        return cls(*(np.stack(arrays, axis=1) for arrays in zip(*parts, strict=True)))


def cosine(first: Array, second: Array) -> Array:
    """Cosine of the angle between vectors on the last axis; 0 where one is zero."""
    size = np.sqrt((first * first).sum(-1) * (second * second).sum(-1))
    inner = (first * second).sum(-1)
    return np.asarray(np.divide(inner, size, out=np.zeros_like(size), where=size > 0))

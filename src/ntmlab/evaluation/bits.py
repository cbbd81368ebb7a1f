"""Costs and divergences in bits.

Legend: B batch, T time, O target bits a step.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bits = NDArray[np.float32]


def cost_bits(probabilities: Array, targets: Bits, mask: Bits) -> Array:
    """Bits that the targets cost under the predictions, per step, (B, T).

    The cost of a target bit is -log2 of the probability given to it: 1 for a coin, infinite where
    a probability of exactly 0 was given to what happened. ``probabilities`` and ``targets`` are
    (B, T, O), ``mask`` (B, T) is 1 where a step is scored; others cost nothing.

    >>> float(cost_bits(np.array([[[0.25]]]), np.ones((1, 1, 1)), np.ones((1, 1))).item())
    2.0
    """
    given = np.where(targets > 0.5, probabilities, 1 - probabilities)
    with np.errstate(divide="ignore"):
        cost = -np.log2(given).sum(-1)
    return np.where(mask > 0, cost, 0.0)


def divergence_bits(optimal: Array, model: Array, mask: Bits) -> Array:
    """KL(optimal || model) in bits per step, (B, T): the expected extra cost of using the model.

    Since the optimum is the true conditional distribution, its sum over a sequence has the same
    mean as the difference of costs, is never negative, and says at which step bits are lost.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        one = np.where(optimal > 0, optimal * np.log2(optimal / model), 0.0)
        zero = np.where(optimal < 1, (1 - optimal) * np.log2((1 - optimal) / (1 - model)), 0.0)
    return np.where(mask > 0, (one + zero).sum(-1), 0.0)


def mean_and_error(values: Array) -> tuple[float, float]:
    """Mean over sequences and its standard error; the error of a single one is not a number."""
    count = len(values)
    mean = float(np.mean(values))
    if count < 2 or not np.isfinite(mean):
        return mean, float("nan")
    return mean, float(np.std(values, ddof=1) / np.sqrt(count))

"""Arithmetic of probabilities as logarithms, where nothing underflows and nothing is NaN."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def log(values: Array | float) -> Array:
    """The natural logarithm, −inf of 0 without a warning."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(values))


def log_sum(values: Array, axis: int = -1) -> Array:
    """Log Σ exp over an axis, which stays with size 1; −inf where all are.

    >>> log_sum(np.array([-1e5, -1e5])).round(6).tolist()
    [-99999.306853]
    """
    highest = values.max(axis, keepdims=True)
    highest = np.where(np.isneginf(highest), 0.0, highest)
    return np.asarray(highest + log(np.exp(values - highest).sum(axis, keepdims=True)))


def learnt(log_weights: Array, log_likelihood: Array) -> Array:
    """Logarithms of the posterior over the last axis, normalised.

    Where what came is impossible under everything that was possible, it teaches nothing: the
    weights stay.

    >>> np.exp(learnt(log(np.array([0.5, 0.5])), log(np.array([0.1, 0.3])))).round(12).tolist()
    [0.25, 0.75]
    """
    after = log_weights + log_likelihood
    lost = np.isneginf(after).all(-1, keepdims=True)
    after = np.where(lost, log_weights, after)
    return np.asarray(after - log_sum(after))


def shares(log_odds: Array) -> tuple[Array, Array]:
    """The probabilities of two sides, each to full precision, from log odds of the first.

    >>> first, second = shares(np.array([0.0, -800.0, np.inf]))
    >>> first.tolist(), second.tolist()
    ([0.5, 0.0, 1.0], [0.5, 1.0, 0.0])
    """
    less = np.exp(-np.abs(log_odds))
    minor, major = less / (1 + less), 1 / (1 + less)
    ahead = log_odds >= 0
    return np.where(ahead, major, minor), np.where(ahead, minor, major)


def odds_against(probability: float) -> float:
    """Log odds of what has not this probability: +inf of 0, −inf of 1."""
    return float(log(1 - probability) - log(probability))


def normalised(probabilities: Array) -> Array:
    """Scaled to a sum of exactly 1 over the last axis; all 0 stays 0."""
    total = probabilities.sum(-1, keepdims=True)
    zeros = np.zeros_like(probabilities)
    return np.asarray(np.divide(probabilities, total, out=zeros, where=total > 0))

"""Which estimator is it: the mixture of known predictors that comes nearest to another.

Legend: M predictors, N steps, k letters.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError

Array = NDArray[np.float64]

MOST_ROUNDS: Final = 100
SLACK_BITS: Final = 1e-9  # a step: closer to the best mixture than this is the best
SMALLEST_STEP: Final = 1e-6
RIDGE: Final = 1e-12  # keeps the curvature of predictors that say the same from being singular


class BestMixture(NamedTuple):
    """Weights that sum to 1, and what they leave."""

    weights: Array  # (M,)
    bits: float  # mean KL(model || mixture) a step
    slack: float  # bits a step that another mixture could be better by, at most


def best_mixture(model: Array, known: Array) -> BestMixture:
    """The convex mixture of predictions ``known`` (M, N, k) nearest to ``model`` (N, k).

    Nearest in KL(model || mixture), which is convex in the weights. The gain of a predictor, the
    mean of Σ_x model(x) known_i(x) / mixture(x), is at most 1 for every one where the weights are
    best; the largest gain's logarithm bounds what is still to be won (Cover, 1984). Each round
    solves the quadratic problem that the gains and their curvature pose for weights of at least 0
    (Kim, Carbonetto, Stephens and Anitescu, 2020).

    >>> known = np.array([[[0.2, 0.8], [0.5, 0.5]], [[0.6, 0.4], [0.9, 0.1]]])
    >>> found = best_mixture(0.25 * known[0] + 0.75 * known[1], known)
    >>> found.weights.round(6).tolist(), round(abs(found.bits), 9)
    ([0.25, 0.75], 0.0)

    Raises InputError if something that the model expects is impossible under every predictor.
    """
    steps = len(model)
    each, target = known.reshape(len(known), -1), model.ravel()  # (M, N k)
    each, target = each[:, target > 0], target[target > 0]
    if not each.any(0).all():
        raise InputError("the model expects what every known predictor holds for impossible")
    weights, slack = np.full(len(known), 1 / len(known)), np.inf
    for _ in range(MOST_ROUNDS):
        mixed = weights @ each
        gains = each @ (target / mixed) / steps
        slack = float(np.log2(max(gains.max(), 1.0)))
        if slack <= SLACK_BITS:
            break
        scaled = each * (np.sqrt(target) / mixed)
        aim = least_quadratic(scaled @ scaled.T / steps, 2 * gains - 1)
        weights = _descend(weights, aim, gains, each, target)
    bits = float(target @ np.log2(target / (weights @ each)) / steps)
    return BestMixture(weights, bits, slack)


def _descend(weights: Array, aim: Array, gains: Array, each: Array, target: Array) -> Array:
    """As far towards the aim as brings the divergence down; else the multiplicative step."""

    def value(tried: Array) -> float:
        mixed = tried @ each
        return np.inf if (mixed <= 0).any() else float(-target @ np.log(mixed))

    before, aim, size = value(weights), aim / aim.sum(), 1.0
    while size > SMALLEST_STEP:
        tried = weights + size * (aim - weights)
        if value(tried) < before:
            return np.asarray(tried)
        size /= 2
    weights = weights * gains
    return np.asarray(weights / weights.sum())


def least_quadratic(curvature: Array, slope: Array) -> Array:
    """The y of at least 0 that makes yᵀHy / 2 − bᵀy least (Lawson and Hanson, 1974)."""
    curvature = curvature + RIDGE * np.trace(curvature) * np.eye(len(slope))
    result, free = np.zeros(len(slope)), np.zeros(len(slope), dtype=bool)
    for _ in range(10 * len(slope)):
        force = np.where(free, -np.inf, slope - curvature @ result)
        if free.all() or force.max() <= RIDGE:
            break
        free[force.argmax()] = True
        while free.any():
            solved = np.zeros(len(slope))
            solved[free] = np.linalg.solve(curvature[np.ix_(free, free)], slope[free])
            if (solved[free] > 0).all():
                result = solved
                break
            blocked = free & (solved <= 0)
            apart = result[blocked] - solved[blocked]
            share = (result[blocked] / np.where(apart > 0, apart, 1.0)).min()
            result = result + share * (solved - result)
            free &= result > RIDGE
            result[~free] = 0
    return result

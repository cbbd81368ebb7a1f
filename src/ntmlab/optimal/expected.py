"""What an exact predictor costs on average: by enumeration, by beliefs, and what simulation leaves.

Legend: T time, k letters, S states, N beliefs.
"""

import itertools
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.optimal.filter import Array, Filter, unroll
from ntmlab.optimal.forward import Forward
from ntmlab.outputs import why_no_sum

# Words that are enumerated, and beliefs that are followed, at most.
MOST_WORDS: Final = 2**13
MOST_BELIEFS: Final = 2**16
MOST_STEPS: Final = 1000  # that beliefs are followed towards an entropy rate
ALIKE: Final = 1e-11  # beliefs nearer than this are one


class Expected(NamedTuple):
    """A mean in bits; ``error`` is 0 where it is exact, else as ``how`` says."""

    bits: float
    error: float
    how: str


def mean_and_error(values: Array) -> tuple[float, float]:
    """Mean over sequences and its standard error; the error of a single one is not a number."""
    count = len(values)
    mean = float(np.mean(values))
    if count < 2 or not np.isfinite(mean):
        return mean, float("nan")
    return mean, float(np.std(values, ddof=1) / np.sqrt(count))


def enumerated(exact: Filter, steps: int) -> Expected | None:
    """The mean cost of ``steps`` letters over all words, None if these are too many.

    Raises InputError for a filter whose predictions do not sum to 1.
    """
    if exact.letters**steps > MOST_WORDS:
        return None
    words = np.array(list(itertools.product(range(exact.letters), repeat=steps)), dtype=np.int64)
    known = unroll(exact, words[:, :-1])
    if (reason := why_no_sum(known)) is not None:
        raise InputError(f"{type(exact).__name__} predicts no probabilities: {reason}")
    came = np.take_along_axis(known, words[..., None], 2)[..., 0]
    chance = came.prod(1)
    cost = -np.log2(came.clip(min=np.finfo(float).tiny)).sum(1)
    return Expected(float(chance @ cost), 0.0, "enumeration of all words")


def entropies(distributions: Array) -> Array:
    """Entropy in bits over the last axis."""
    positive = np.where(distributions > 0, distributions, 1.0)
    return np.asarray(-(positive * np.log2(positive)).sum(-1))


def belief_costs(model: Forward, start: Array, steps: int) -> Array:
    """The mean cost of each letter in bits, as long as the beliefs are few enough to follow.

    ``start`` (N, S) are the beliefs to begin from, each times its chance. All beliefs that words
    lead to are followed, those that coincide as one; the result ends before ``steps`` where there
    are more than MOST_BELIEFS of them.
    """
    edges = model.matrices.transpose(1, 0, 2).reshape(model.states, -1)  # (S, k S)
    weighted = start
    costs: list[float] = []
    while len(costs) < steps and len(weighted) <= MOST_BELIEFS:
        chance = weighted.sum(1)
        predictions = weighted @ model.emission / chance[:, None]
        costs.append(float(chance @ entropies(predictions)))
        weighted = _merged((weighted @ edges).reshape(-1, model.states))
    return np.array(costs)


def chain_cost(model: Forward, steps: int) -> Expected | None:
    """The forward filter's mean cost of ``steps`` letters, from beliefs; None if it must be drawn.

    Exact where the beliefs are few. Where they are many, the cost of a letter still falls
    (from the stationary start) towards the entropy rate, which stays above the cost of one who was
    told the first state: what is left lies between the two, and ``error`` is half its width.
    """
    costs = belief_costs(model, model.initial[None], steps)
    left = steps - len(costs)
    if left == 0:
        return Expected(float(costs.sum()), 0.0, "all beliefs followed")
    if not at_rest(model):
        return None
    low, high = _rate_bounds(model, costs)
    how = f"the first {len(costs)} letters exact, the others between two bounds"
    return Expected(float(costs.sum()) + left * (low + high) / 2, left * (high - low) / 2, how)


def chain_rate(model: Forward) -> Expected | None:
    """The entropy rate of a hidden Markov model that starts at rest, in bits a letter.

    Exact where letter and state tell the next state (a unifilar model); otherwise between the costs
    of a letter for one who knows the first state and for one who does not.
    """
    if not at_rest(model):
        return None
    if ((model.matrices > 0).sum(2) <= 1).all():
        rate = float(model.initial @ entropies(model.emission))
        return Expected(rate, 0.0, "mean entropy of the states, which the letters reveal")
    low, high = _rate_bounds(model, belief_costs(model, model.initial[None], MOST_STEPS))
    return Expected((low + high) / 2, (high - low) / 2, "between two bounds")


def at_rest(model: Forward) -> bool:
    """Whether a model's start is its stationary distribution."""
    after = model.initial @ model.matrices.sum(0)
    return bool(np.abs(after - model.initial).max() < 1e-12)


def _rate_bounds(model: Forward, costs: Array) -> tuple[float, float]:
    """Bounds of the entropy rate, from the mean costs of the first letters of a model at rest."""
    known = np.diag(model.initial)[model.initial > 0]
    told = belief_costs(model, known, len(costs))
    return float(told[-1]), float(costs[-1])


def _merged(weighted: Array) -> Array:
    """Beliefs times chances, those of one belief added up, those without chance left out."""
    chance = weighted.sum(1)
    weighted, chance = weighted[chance > 0], chance[chance > 0]
    keys: NDArray[np.int64] = np.rint(weighted / chance[:, None] / ALIKE).astype(np.int64)
    _, group = np.unique(keys, axis=0, return_inverse=True)
    result = np.zeros((int(group.max()) + 1, weighted.shape[1]))
    np.add.at(result, group.ravel(), weighted)
    return result

"""Markov chains of finitely many states: their stationary distribution, to full precision.

Legend: S states.
"""

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError

Array = NDArray[np.float64]

GIVEN_TOLERANCE = 1e-6  # how far given probabilities may be from a sum of 1


def check_distribution(name: str, given: object) -> Array:
    """A distribution, (S,) float64, scaled to a sum of exactly 1; raises InputError for others."""
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{name} must be a list of probabilities") from None
    if values.ndim != 1 or not len(values) or not ((values >= 0) & (values <= 1)).all():
        raise InputError(f"{name} must be a list of probabilities, between 0 and 1")
    if abs(values.sum() - 1) > GIVEN_TOLERANCE:
        raise InputError(f"{name} sums to {float(values.sum())!r}, not 1")
    return np.asarray(values / values.sum())


def stationary(transition: Array) -> Array:
    """The distribution (S,) that a step of ``transition`` (S, S) leaves as it is.

    >>> stationary(np.array([[0.5, 0.5], [1.0, 0.0]])).round(12).tolist()
    [0.666666666667, 0.333333333333]

    Raises InputError if there are several: if states fall into classes that never meet.
    """
    reach = _reachable(transition)
    final = ~(reach & ~reach.T).any(1)  # states that whatever they reach leads back to
    classes = np.unique(reach[final], axis=0)
    if len(classes) > 1:
        raise InputError(
            "the states fall into classes that never meet, so that there is no single stationary "
            "start; give start"
        )
    members = np.flatnonzero(final)
    result = np.zeros(len(transition))
    result[members] = _irreducible(transition[np.ix_(members, members)])
    return result


def _reachable(transition: Array) -> NDArray[np.bool_]:
    """Which states can be come to from which, in any number of steps, none included."""
    reach = (transition > 0) | np.eye(len(transition), dtype=bool)
    while True:
        further = (reach.astype(np.float64) @ reach) > 0
        if (further == reach).all():
            return reach
        reach = further


def _irreducible(transition: Array) -> Array:
    """The stationary distribution of a chain whose states all meet, without a subtraction.

    Grassmann, Taksar and Heyman (1985): states are taken out one at a time, and put back.
    """
    left = transition.copy()
    last = len(left) - 1
    for n in range(last, 0, -1):
        left[:n, n] /= left[n, :n].sum()
        left[:n, :n] += np.outer(left[:n, n], left[n, :n])
    result = np.ones(len(left))
    for n in range(1, last + 1):
        result[n] = result[:n] @ left[:n, n]
    return np.asarray(result / result.sum())

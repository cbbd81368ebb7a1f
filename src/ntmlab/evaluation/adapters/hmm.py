"""Hidden Markov models fitted elsewhere: filtered, never smoothed.

Legend: S states, k letters.
"""

from typing import Any

from numpy.typing import ArrayLike
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.optimal.chains import check_distribution
from ntmlab.optimal.filter import FilterPredictor
from ntmlab.optimal.forward import Forward, emitting_states


def from_hmm(
    start: ArrayLike | object,
    transition: ArrayLike | None = None,
    emission: ArrayLike | None = None,
) -> FilterPredictor:
    """The predictor of a hidden Markov model whose states emit letters.

    ``start`` (S,) is the distribution of the first state, ``transition`` (S, S) has
    P(next state | state) in its rows, ``emission`` (S, k) P(letter | state). Or a fitted model with
    ``startprob_``, ``transmat_`` and ``emissionprob_``, as hmmlearn's CategoricalHMM has them; of
    dynamax give ``params.initial.probs``, ``params.transitions.transition_matrix`` and
    ``params.emissions.probs[:, 0]``; of pomegranate ``exp`` of ``starts`` and ``edges``.

    The predictions are those of the forward filter, P(x_t | x_<t). Those packages' own
    probabilities of states are smoothed: they look ahead.

    >>> predictor = from_hmm([1, 0], [[0.5, 0.5], [0.5, 0.5]], [[0.9, 0.1], [0.2, 0.8]])
    >>> stream = predictor.stream()
    >>> stream.probability, stream.update(0), round(stream.probability, 6)
    (0.1, None, 0.45)

    Raises InputError unless the numbers are probabilities that sum to 1.
    """
    if transition is None or emission is None:
        start, transition, emission = _matrices(start)
    begun, moves, emits = map(_numbers, (start, transition, emission))
    first = check_distribution("start", begun)
    return FilterPredictor(Forward(emitting_states(moves, emits), first))


def _numbers(given: ArrayLike | object) -> Any:
    """What NumPy reads: of a tensor its values, wherever it is and in whatever precision."""
    return given.detach().cpu().double().numpy() if isinstance(given, Tensor) else given


def _matrices(model: object) -> tuple[ArrayLike, ArrayLike, ArrayLike]:
    names = ("startprob_", "transmat_", "emissionprob_")
    missing = [name for name in names if not hasattr(model, name)]
    if missing:
        raise InputError(
            f"from_hmm takes start, transition and emission, or a fitted model with "
            f"{', '.join(names)}; {type(model).__name__} has no {missing[0]}"
        )
    start, transition, emission = (getattr(model, name) for name in names)
    return start, transition, emission

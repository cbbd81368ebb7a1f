"""The exact predictor of a known hidden Markov model: the forward filter.

The model emits on its edges: from state i it emits letter x and goes to state j with probability
T[x][i][j]. What is known of the state before a letter is its belief, b; the next letter has
P(x) = Σ_ij b_i T[x][i][j], and after it came the belief is b_j ∝ Σ_i b_i T[x][i][j] (Rabiner, 1989,
*A tutorial on hidden Markov models*, section III A, with the scaling of section V A).

**An impossible letter** has P(x) = 0 and costs infinity. It then teaches nothing: the belief goes
on by one step as if the letter had not been seen, so that what follows stays a prediction.

Beliefs are kept as logarithms, so that a state is given up only where it is impossible, however
long and one-sided the evidence against it.

Legend: B batch, T time, k letters, S states.
"""

import numpy as np
from numpy.typing import ArrayLike

from ntmlab.errors import InputError
from ntmlab.optimal import native
from ntmlab.optimal.chains import GIVEN_TOLERANCE, check_distribution, stationary
from ntmlab.optimal.filter import Array, Letters, unroll
from ntmlab.optimal.logs import log, log_sum, normalised
from ntmlab.outputs import next_symbol_outputs

MOST_NUMBERS = 2**24  # of all matrices together

# Beliefs without logarithms are as good as with them while none falls below LEAST_BELIEF and no
# step can take one from there to where float64 loses digits.
LEAST_BELIEF, LEAST_EDGE = 1e-250, 1e-40


class Forward:
    """The forward filter of an edge-emitting hidden Markov model.

    ``matrices`` is T[x][i][j], (k, S, S); ``start`` the belief before the first letter, (S,), the
    stationary distribution unless given.

    >>> zero, one = [[0.5, 0.0], [0.0, 0.0]], [[0.5, 0.0], [0.0, 1.0]]
    >>> coin_or_ones = Forward([zero, one], start=[0.5, 0.5])
    >>> coin_or_ones.predict(coin_or_ones.start(1)).tolist()
    [[0.25, 0.75]]

    Raises InputError unless the numbers are probabilities that sum to 1 over letters and next
    states, and if there is no single stationary distribution to start from.
    """

    def __init__(self, matrices: ArrayLike, start: ArrayLike | None = None) -> None:
        self.matrices = check_matrices(matrices)  # (k, S, S)
        self.letters, self.states = self.matrices.shape[:2]
        transition = self.matrices.sum(0)
        first = stationary(transition) if start is None else check_distribution("start", start)
        if len(first) != self.states:
            raise InputError(f"start has {len(first)} numbers, but there are {self.states} states")
        self.initial = first
        self.emission = np.ascontiguousarray(self.matrices.sum(2).T)  # (S, k)
        self.row_numbers = self.states * max(self.states, self.letters)
        self._log_matrices = log(self.matrices)
        self._log_transition = log(transition)
        self._log_initial = log(first)

    def start(self, rows: int) -> Array:
        """Logarithms of the first belief, (B, S)."""
        return np.tile(self._log_initial, (rows, 1))

    def predict(self, state: Array) -> Array:
        """P of each letter, (B, k)."""
        return normalised(np.exp(state) @ self.emission)

    def update(self, state: Array, symbols: Letters) -> Array:
        """The belief after the letters that came."""
        known = _carried(state, self._log_matrices[symbols])
        lost = np.isneginf(known).all(1)
        if lost.any():
            known[lost] = _carried(state[lost], self._log_transition)
        return np.asarray(known - log_sum(known))

    def describe(self, state: Array) -> dict[str, Array]:
        """The belief, (B, S)."""
        return {"belief": np.exp(state)}

    def unrolled(self, symbols: Letters) -> Array:
        """As `unroll`, without logarithms in the rows that do not need them, (B, T + 1, k)."""
        if self.matrices[self.matrices > 0].min() < LEAST_EDGE:
            return unroll(self, symbols)
        found = native.chain(symbols, self.matrices, self.emission, self.initial)
        predictions, least = self._scaled(symbols) if found is None else found
        faint = ~(least > LEAST_BELIEF)
        if faint.any():
            predictions[faint] = unroll(self, symbols[faint])
        return predictions

    def _scaled(self, symbols: Letters) -> tuple[Array, Array]:
        """Predictions (B, T + 1, k) and the least belief above 0 that a row met, (B,)."""
        rows, steps = symbols.shape
        edges = self.matrices.transpose(1, 0, 2).reshape(self.states, -1)  # (S, k S)
        belief = np.tile(self.initial, (rows, 1))
        predictions = np.empty((steps + 1, rows, self.letters))
        least, every = np.ones(rows), np.arange(rows)
        for t in range(steps + 1):
            predictions[t] = belief @ self.emission
            if t == steps:
                break
            carried = (belief @ edges).reshape(rows, self.letters, self.states)
            belief = carried[every, symbols[:, t]]
            total = belief.sum(1, keepdims=True)
            belief = np.divide(belief, total, out=np.zeros_like(belief), where=total > 0)
            lowest = np.where(belief > 0, belief, 1.0).min(1)
            least = np.minimum(least, np.where(total[:, 0] > 0, lowest, 0.0))
        return normalised(predictions).swapaxes(0, 1), least


def check_matrices(matrices: ArrayLike) -> Array:
    """T[x][i][j], (k, S, S) float64, rows scaled to a sum of exactly 1 over letters and states.

    Raises InputError unless they are probabilities.
    """
    try:
        given = np.asarray(matrices, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError("matrices must be numbers T[letter][state][next state]") from None
    if given.ndim != 3 or given.shape[1] != given.shape[2] or given.size == 0:
        raise InputError(
            f"matrices have shape (letters, states, states), not {given.shape or 'a number'}"
        )
    next_symbol_outputs(len(given))
    if given.size > MOST_NUMBERS:
        raise InputError(f"matrices of {given.size:,} numbers are too large")
    if not ((given >= 0) & (given <= 1)).all():
        raise InputError("matrices hold probabilities, between 0 and 1")
    sums = given.sum((0, 2))
    if not (np.abs(sums - 1) <= GIVEN_TOLERANCE).all():
        worst = int(np.abs(sums - 1).argmax())
        raise InputError(
            f"what leaves state {worst} sums to {float(sums[worst])!r} "
            "over letters and next states, not 1"
        )
    return np.asarray(given / sums[:, None])


def emitting_states(transition: ArrayLike, emission: ArrayLike) -> Array:
    """T[x][i][j] = E[i][x] A[i][j], (k, S, S), of states that emit and then move.

    Raises InputError if they do not fit together.
    """
    try:
        moves = np.asarray(transition, dtype=np.float64)
        emits = np.asarray(emission, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError("transition and emission must be numbers [state][…]") from None
    states = len(moves) if moves.ndim else 0
    if moves.shape != (states, states) or emits.ndim != 2 or len(emits) != states or not states:
        raise InputError(
            "transition has shape (states, states) and emission (states, letters), not "
            f"{moves.shape} and {emits.shape}"
        )
    for name, rows in (("transition", moves), ("emission", emits)):
        if not (np.abs(rows.sum(1) - 1) <= GIVEN_TOLERANCE).all() or not (rows >= 0).all():
            raise InputError(f"every row of {name} holds probabilities that sum to 1")
    return np.asarray(emits.T[:, :, None] * moves)


def _carried(state: Array, log_edges: Array) -> Array:
    """Log Σ_i exp(state_i + edge_ij), (B, S): a step along edges (B, S, S) or (S, S)."""
    ways = state[:, :, None] + log_edges
    return np.asarray(log_sum(ways, 1)[:, 0])

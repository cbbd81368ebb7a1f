"""The exact Bayes predictor of letters whose distribution changes at unknown times.

Before each letter but the first, with probability h, the distribution is drawn afresh from a
Dirichlet prior. Given that the present run has n letters with counts N, the next letter has
P(x) = (N_x + α_x) / (n + Σα); the prediction is their mean under the posterior of where the run
began, which is followed exactly: one number a possible beginning (Adams and MacKay, 2007, without
their pruning and with the predictive probability that they leave out; Willems, 1996). Work per
letter grows with the letters so far. ``most_runs`` keeps only the likeliest, and is not exact.

Legend: B batch, R possible runs, k letters.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ntmlab.given import check_probability, check_whole
from ntmlab.optimal import native
from ntmlab.optimal.filter import Array, Letters, check_prior, unroll
from ntmlab.optimal.logs import log, log_sum
from ntmlab.outputs import next_symbol_outputs


class RunState(NamedTuple):
    """The runs that the next letter may belong to."""

    log_weights: Array  # (B, R) logarithms of the posterior, which sums to 1
    counts: Array  # (B, R, k) of the letters in each run so far


class ChangePoints:
    """The filter of k letters with hazard h before each letter but the first.

    >>> changing = ChangePoints(hazard=0.5, prior=0.5)
    >>> changing.predict(changing.update(changing.start(1), np.array([1]))).tolist()
    [[0.375, 0.625]]

    Raises InputError for a hazard that is no probability, a prior that is not positive, or less
    than one run.
    """

    def __init__(
        self,
        letters: int = 2,
        hazard: float = 0.02,
        prior: ArrayLike = 0.5,
        most_runs: int | None = None,
    ) -> None:
        next_symbol_outputs(letters)
        if most_runs is not None:
            check_whole("most_runs", most_runs, 1)
        self.letters, self.most_runs = letters, most_runs
        self.hazard = check_probability("hazard", hazard)
        self.prior = np.array(check_prior(prior, letters))
        self._log_change, self._log_stay = log(self.hazard), log(1 - self.hazard)

    def start(self, rows: int) -> RunState:
        """One run without a letter."""
        return RunState(np.zeros((rows, 1)), np.zeros((rows, 1, self.letters)))

    def predict(self, state: RunState) -> Array:
        """P of each letter, (B, k)."""
        weights = np.exp(state.log_weights)
        each = self._each(state.counts)
        return np.asarray((weights[:, None, :] @ each)[:, 0] / weights.sum(1, keepdims=True))

    def update(self, state: RunState, symbols: Letters) -> RunState:
        """Every run has one letter more, and a new one may begin."""
        came = np.broadcast_to(symbols[:, None, None], (*state.log_weights.shape, 1))
        likelihood = np.take_along_axis(self._each(state.counts), came, -1)[..., 0]
        weights = state.log_weights + log(likelihood)
        weights -= log_sum(weights)
        counts = state.counts + (np.arange(self.letters) == came)
        new_weight = np.full((len(weights), 1), self._log_change)
        new_counts = np.zeros((len(weights), 1, self.letters))
        if self.hazard == 1:
            return RunState(new_weight, new_counts)
        weights = weights + self._log_stay
        if self.hazard > 0:
            weights = np.concatenate([weights, new_weight], 1)
            counts = np.concatenate([counts, new_counts], 1)
        return self._likeliest(RunState(weights, counts))

    def unrolled(self, symbols: Letters) -> Array:
        """As `unroll`, compiled where that was built and no run can come back, (B, T + 1, k)."""
        found = None
        if self.most_runs is None and self._never_returns(symbols.shape[1]):
            found = native.changes(symbols, self.hazard, self.prior)
        return unroll(self, symbols) if found is None else found

    def _never_returns(self, steps: int) -> bool:
        """Whether a run whose share fell below 1e-300 can never be worth 1e-20 again.

        A run that began later has at least the share h, and whatever comes, it gives each kind of
        letter, at its first, α / (n + Σα), and then loses no more than a factor n + 1 a kind to
        the best there is. Shares are kept over n + Σα.
        """
        if self.hazard in (0.0, 1.0):
            return True
        least = log(self.prior / (steps + self.prior.sum())) - np.log(steps + 1)
        kept = self._log_change + least.sum() - np.log(max(steps + self.prior.sum(), 1))
        return bool(kept > -280 * np.log(10))

    def describe(self, state: RunState) -> dict[str, Array]:
        """P that the run so far has 0, 1, ... letters, (B, letters so far + 1)."""
        lengths = state.counts.sum(-1).astype(np.int64)
        result = np.zeros((len(lengths), int(lengths.max()) + 1))
        np.put_along_axis(result, lengths, np.exp(state.log_weights), axis=1)
        return {"run_length": result}

    def _each(self, counts: Array) -> Array:
        """P of each letter under each run, (B, R, k)."""
        known = counts + self.prior
        return np.asarray(known / known.sum(-1, keepdims=True))

    def _likeliest(self, state: RunState) -> RunState:
        """The runs that are kept."""
        if self.most_runs is None or state.log_weights.shape[1] <= self.most_runs:
            return state
        kept = np.argsort(state.log_weights, axis=1, kind="stable")[:, -self.most_runs :]
        weights = np.take_along_axis(state.log_weights, kept, 1)
        counts = np.take_along_axis(state.counts, kept[..., None], 1)
        return RunState(weights - log_sum(weights), counts)

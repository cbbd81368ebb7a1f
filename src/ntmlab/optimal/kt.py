"""The exact Bayes predictor of letters drawn from an unknown table of N-gram probabilities.

Given the previous n letters, the next is drawn with probabilities that were themselves drawn once
per sequence from a Dirichlet prior, independently for each of the k^n contexts. The prediction is
then (N_x + α_x) / Σ_y (N_y + α_y), with the counts of each letter after this context so far: Eq. 10
of *Neural Turing Machines* (2014) for bits and the paper's prior of 1/2 each, the estimator of
Krichevsky and Trofimov. The first n letters have no context and are uniform.

Legend: B batch, T time, k letters, n letters of context.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.given import is_whole
from ntmlab.optimal import native
from ntmlab.optimal.contexts import deepest
from ntmlab.optimal.filter import Array, FilterPredictor, InPlace, Letters, check_prior, unroll
from ntmlab.outputs import next_symbol_outputs

MOST_CONTEXTS = 2**16


class KTState(NamedTuple):
    """What was counted so far."""

    counts: Array  # (B, contexts, k)
    context: Letters  # (B,) the last n letters as a number, the oldest first
    seen: int  # letters so far


class KT(InPlace):
    """The filter of k letters with n letters of context, under a Dirichlet prior.

    ``prior`` is one number, or one for each letter from letter 0 on.

    >>> counting = KT(letters=3, context=0, prior=0.5)
    >>> state = counting.update(counting.start(1), np.array([2]))
    >>> counting.predict(state).tolist()
    [[0.2, 0.2, 0.6]]

    Raises InputError for a context below 0 or of more than 65,536 values, or a prior that is not
    positive.
    """

    def __init__(self, letters: int = 2, context: int = 5, prior: ArrayLike = 0.5) -> None:
        next_symbol_outputs(letters)
        most = deepest(letters, MOST_CONTEXTS)
        if not is_whole(context) or not 0 <= context <= most:
            raise InputError(f"a context has between 0 and {most} letters, not {context}")
        self.letters, self.context = letters, context
        self.prior = check_prior(prior, letters)
        self.contexts = letters**context
        self.row_numbers = self.contexts * letters

    def start(self, rows: int) -> KTState:
        """Nothing counted, no context yet."""
        counts = np.zeros((rows, self.contexts, self.letters))
        return KTState(counts, np.zeros(rows, dtype=np.int64), 0)

    def predict(self, state: KTState) -> Array:
        """P of each letter, (B, k)."""
        rows = len(state.context)
        if state.seen < self.context:
            return np.full((rows, self.letters), 1 / self.letters)
        counts = state.counts[np.arange(rows), state.context]
        prior = np.array(self.prior)
        return np.asarray((counts + prior) / (counts.sum(1, keepdims=True) + prior.sum()))

    def advance(self, state: KTState, symbols: Letters) -> KTState:
        """Counts the letters that came, once there is a context."""
        if state.seen >= self.context:
            state.counts[np.arange(len(symbols)), state.context, symbols] += 1
        context = (state.context * self.letters + symbols) % self.contexts
        return KTState(state.counts, context, state.seen + 1)

    def describe(self, state: KTState) -> dict[str, Array]:
        """Counts after every context, (B, contexts, k), and after the present one, (B, k)."""
        here = state.counts[np.arange(len(state.context)), state.context]  # 0 before there is one
        return {"counts": state.counts.copy(), "counts here": here}

    def unrolled(self, symbols: Letters) -> Array:
        """As `unroll`, compiled where that was built, (B, T + 1, k)."""
        found = native.counts(symbols, self.context, np.array(self.prior))
        return unroll(self, symbols) if found is None else found


class ContextKT(FilterPredictor):
    """Bayes-optimal next-bit predictor for k bits of context under a Beta(a, b) prior.

    ``predictor(inputs)`` takes next-bit inputs (B, T, 1), where the input at t is bit t - 1, and
    returns P(bit t = 1), (B, T, 1) float64. Of the prior, a belongs to ones and b to zeros.

    >>> optimal = ContextKT(context_bits=1)
    >>> optimal(torch.tensor([[[0.0], [1.0], [1.0]]])).flatten().tolist()  # of bits 1, 1, ?
    [0.5, 0.5, 0.75]

    Raises InputError for more than 16 bits of context or a prior that is not positive, and if
    inputs are not 0 or 1 or have more than one channel.
    """

    def __init__(
        self, context_bits: int, prior: tuple[float, ...] = (0.5, 0.5), *, optimum: bool = False
    ) -> None:
        ones, zeros = check_prior(prior, 2)
        super().__init__(KT(2, context_bits, (zeros, ones)), optimum=optimum)
        self.context_bits = context_bits
        self.prior = (ones, zeros)


def coin(inputs: Tensor, outputs: int = 1) -> Tensor:
    """The predictor that always says one half, (B, T, outputs)."""
    return torch.full((*inputs.shape[:2], outputs), 0.5, dtype=torch.float64)

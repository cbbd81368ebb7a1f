"""The exact Bayes predictor of bits drawn from an unknown table of N-gram probabilities.

Given the previous k bits, the next bit is 1 with a probability that was drawn once per sequence
from Beta(a, b), independently for each of the 2^k contexts. The prediction is then
(N1 + a) / (N1 + N0 + a + b) with the counts of ones and zeros after this context so far: Eq. 10 of
*Neural Turing Machines* (2014) for the paper's prior a = b = 1/2, the estimator of Krichevsky and
Trofimov. The first k bits have no context and are fair coins.

Legend: B batch, T time, k bits of context.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ntmlab.errors import InputError

ROWS_AT_ONCE = 4096  # keeps the counters of a pass within the cache


class ContextKT:
    """Bayes-optimal next-bit predictor for k bits of context under a Beta(a, b) prior.

    ``predictor(inputs)`` takes next-bit inputs (B, T, 1), where the input at t is bit t - 1, and
    returns P(bit t = 1), (B, T, 1) float64.

    >>> optimal = ContextKT(context_bits=1)
    >>> optimal(torch.tensor([[[0.0], [1.0], [1.0]]])).flatten().tolist()  # before bits 1, 1, ?
    [0.5, 0.5, 0.75]

    Raises InputError if inputs are not 0 or 1 or have more than one channel.
    """

    def __init__(self, context_bits: int, prior: tuple[float, float] = (0.5, 0.5)) -> None:
        check_context(context_bits, prior)
        self.context_bits = context_bits
        self.prior = prior

    def __call__(self, inputs: Tensor) -> Tensor:
        bits = observed_bits(inputs)
        parts = [
            self._predict(bits[i : i + ROWS_AT_ONCE]) for i in range(0, len(bits), ROWS_AT_ONCE)
        ]
        return torch.from_numpy(np.concatenate(parts)).unsqueeze(-1)

    def _predict(self, bits: NDArray[np.int64]) -> NDArray[np.float64]:
        """Predictions (B, T) from the bits seen before each step, (B, T - 1)."""
        a, b = self.prior
        rows, length = len(bits), bits.shape[1] + 1
        predictions = np.full((length, rows), 0.5)
        ones = np.zeros(rows << self.context_bits)
        total = np.zeros(rows << self.context_bits)
        first_entry = np.arange(rows) << self.context_bits
        context = np.zeros(rows, dtype=np.int64)
        for t in range(length):
            entry = first_entry + context
            if t >= self.context_bits:
                predictions[t] = (ones[entry] + a) / (total[entry] + (a + b))
            if t == length - 1:
                break
            bit = bits[:, t]
            if t >= self.context_bits:
                ones[entry] += bit
                total[entry] += 1
            context = ((context << 1) | bit) & (2**self.context_bits - 1)
        return predictions.T.copy()

    def stream(self) -> "KTStream":
        """A fresh predictor that is fed one bit at a time."""
        return KTStream(self.context_bits, self.prior)


class KTStream:
    """The same predictor for one sequence, bit by bit.

    >>> stream = ContextKT(context_bits=0).stream()
    >>> stream.probability
    0.5
    >>> stream.update(1)
    >>> stream.probability
    0.75
    """

    def __init__(self, context_bits: int, prior: tuple[float, float] = (0.5, 0.5)) -> None:
        check_context(context_bits, prior)
        self.context_bits = context_bits
        self.prior = prior
        self.counts: dict[int, list[int]] = {}  # context -> [zeros, ones]
        self.context = 0
        self.seen = 0

    @property
    def probability(self) -> float:
        """P(next bit = 1) given all bits so far."""
        if self.seen < self.context_bits:
            return 0.5
        zeros, ones = self.counts.get(self.context, (0, 0))
        a, b = self.prior
        return (ones + a) / (ones + zeros + a + b)

    def update(self, bit: int) -> None:
        """Takes in the next bit; raises InputError if it is not 0 or 1."""
        if bit not in (0, 1):
            raise InputError(f"a bit must be 0 or 1, not {bit!r}")
        if self.seen >= self.context_bits:
            self.counts.setdefault(self.context, [0, 0])[bit] += 1
        self.context = ((self.context << 1) | bit) & (2**self.context_bits - 1)
        self.seen += 1


def coin(inputs: Tensor, outputs: int = 1) -> Tensor:
    """The predictor that always says one half, (B, T, outputs)."""
    return torch.full((*inputs.shape[:2], outputs), 0.5, dtype=torch.float64)


def check_context(context_bits: int, prior: tuple[float, float]) -> None:
    """Raises InputError unless 0 <= context_bits <= 16 and both prior parameters are positive."""
    if not 0 <= context_bits <= 16:
        raise InputError(f"context_bits must be between 0 and 16, not {context_bits}")
    if not all(0 < value < float("inf") for value in prior):
        raise InputError(f"the Beta prior's parameters must be positive and finite, not {prior}")


def observed_bits(inputs: Tensor) -> NDArray[np.int64]:
    """The bits (B, T - 1) that next-bit inputs (B, T, 1) reveal; the first input is a filler."""
    if inputs.ndim != 3 or inputs.shape[2] != 1 or inputs.shape[1] < 1:
        raise InputError(f"next-bit inputs have shape (B, T, 1), not {tuple(inputs.shape)}")
    values = inputs.detach().cpu().numpy()[:, 1:, 0]
    bits = values.astype(np.int64)
    if not np.array_equal(bits, values) or bits.min(initial=0) < 0 or bits.max(initial=0) > 1:
        raise InputError("next-bit inputs must be 0 or 1 everywhere")
    return bits

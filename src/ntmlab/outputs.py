"""What a symbol is: from logits to probabilities, loss, cost and divergence.

The only place that knows. Everything else asks the outputs of a task, so that a source of three
letters is scored as one and never as independent bits.

Legend: B batch, T time, O output channels, k letters.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ntmlab.errors import InputError

Array = NDArray[np.float64]
Targets = NDArray[np.float32]
Letters = NDArray[np.int64]

# Logits beyond this are cut: the sigmoid would round to exactly 0 or 1 in float64 and a wrong bit
# would cost infinitely many bits instead of 52.
LOGIT_LIMIT = 36.0

FINITE = 1e300  # stands for infinite logits, so that their difference is a number

# How far probabilities of letters may be from a sum of 1: what float32 leaves of 256 of them.
SUM_TOLERANCE = 1e-4

STEPS_AT_ONCE = 2**16  # whose sums are taken at once, so that a long sequence needs no more memory

MOST_LETTERS = 256


class Outputs(Protocol):
    """What a step's targets are, and what a predictor says of them.

    ``channels`` is O, of logits, probabilities and targets alike, (B, T, O). ``letters`` is the
    size of the alphabet of a next-symbol task, None where a step has several independent bits.
    """

    @property
    def channels(self) -> int: ...
    @property
    def letters(self) -> int | None: ...
    def probabilities(self, logits: Tensor) -> Tensor: ...
    def loss(self, logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor: ...
    def losses(self, logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor: ...
    def cost_bits(self, probabilities: Array, targets: Targets, mask: Targets) -> Array: ...
    def divergence_bits(self, optimal: Array, model: Array, mask: Targets) -> Array: ...
    def entropy_bits(self, probabilities: Array, mask: Targets) -> Array: ...
    def why_not(self, probabilities: Array) -> str | None: ...
    def distribution(self, probabilities: Array) -> Array: ...
    def from_distribution(self, distribution: Array) -> Array: ...


@dataclass(frozen=True)
class Bits:
    """``width`` independent bits a step: logits and probabilities are those of a 1.

    >>> bits = Bits(1)
    >>> bits.probabilities(torch.zeros(1, 1, 1)).item()
    0.5
    >>> bits.cost_bits(np.array([[[0.25]]]), np.ones((1, 1, 1)), np.ones((1, 1))).item()
    2.0
    """

    width: int = 1

    @property
    def channels(self) -> int:
        """Output channels, O."""
        return self.width

    @property
    def letters(self) -> int | None:
        """Two for a single bit; several bits are no alphabet."""
        return 2 if self.width == 1 else None

    def probabilities(self, logits: Tensor) -> Tensor:
        """P(bit = 1), (B, T, O) float64; logits beyond ±36 are cut, so that no bit is certain."""
        own = logits.to(torch.float64, copy=True)  # one place for all: a sequence may be long
        return own.clamp_(-LOGIT_LIMIT, LOGIT_LIMIT).sigmoid_()

    def loss(self, logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
        """Cross-entropy in nats, summed over all scored steps; ``mask`` is (B, T)."""
        return nn.functional.binary_cross_entropy_with_logits(
            logits, targets, weight=mask.unsqueeze(-1), reduction="sum"
        )

    def losses(self, logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
        """The `loss` of each of S batches, (S,); everything has S in front."""
        nats = nn.functional.binary_cross_entropy_with_logits(
            logits, targets, weight=mask.unsqueeze(-1), reduction="none"
        )
        return nats.flatten(1).sum(1)

    def cost_bits(self, probabilities: Array, targets: Targets, mask: Targets) -> Array:
        """Bits that the targets cost, (B, T): 1 a bit for a coin, infinite for the impossible."""
        given = np.where(targets > 0.5, probabilities, 1 - probabilities)
        with np.errstate(divide="ignore"):
            cost = -np.log2(given).sum(-1)
        return np.where(mask > 0, cost, 0.0)

    def divergence_bits(self, optimal: Array, model: Array, mask: Targets) -> Array:
        """KL(optimal || model) in bits, (B, T): what using the model costs more, on average."""
        one, zero = _plogq(optimal, model), _plogq(1 - optimal, 1 - model)
        return np.where(mask > 0, (one + zero).sum(-1), 0.0)

    def entropy_bits(self, probabilities: Array, mask: Targets) -> Array:
        """Entropy of the predictions in bits, (B, T)."""
        entropy = _plogp(probabilities) + _plogp(1 - probabilities)
        return np.where(mask > 0, -entropy.sum(-1), 0.0)

    def why_not(self, probabilities: Array) -> str | None:
        """Why these numbers are no probabilities, or None."""
        inside = (probabilities >= 0) & (probabilities <= 1)
        return None if inside.all() else _first_wrong(probabilities, inside)

    def distribution(self, probabilities: Array) -> Array:
        """P of letters 0 and 1, (..., 2), of a single bit."""
        if self.width != 1:
            raise InputError(f"{self.width} independent bits a step are no alphabet of letters")
        return np.concatenate([1 - probabilities, probabilities], axis=-1)

    def from_distribution(self, distribution: Array) -> Array:
        """P(bit = 1), (..., 1), from P of letters 0 and 1.

        Raises InputError unless there are two and they sum to 1: that of 0 goes no further, and
        nobody would see it later. A P(1) that is NaN is passed on as it is.
        """
        if distribution.shape[-1:] != (2,):
            shape = distribution.shape
            raise InputError(f"P of a 0 and of a 1 have shape (..., 2), not {shape}")
        if why_no_sum(distribution) is not None:
            known = np.where(np.isnan(distribution[..., -1:]), (1.0, 0.0), distribution)
            if (reason := why_no_sum(known)) is not None:
                raise InputError(f"P of a 0 and of a 1 are no probabilities: {reason}")
        return np.ascontiguousarray(distribution[..., 1:])


@dataclass(frozen=True)
class Symbols:
    """One of k letters a step: a channel for each, targets a single 1 among zeros.

    >>> letters = Symbols(3)
    >>> third = np.full((1, 1, 3), 1 / 3)
    >>> round(letters.cost_bits(third, np.eye(3)[None, :1], np.ones((1, 1))).item(), 4)
    1.585

    Raises InputError for fewer than 3 letters (two are `Bits(1)`) or more than 256.
    """

    letters: int
    least: ClassVar[int] = 3

    def __post_init__(self) -> None:
        if not self.least <= self.letters <= MOST_LETTERS:
            raise InputError(f"symbols are of 3 to {MOST_LETTERS} letters, not {self.letters}")

    @property
    def channels(self) -> int:
        """Output channels, one a letter."""
        return self.letters

    def probabilities(self, logits: Tensor) -> Tensor:
        """P of each letter, (B, T, k) float64; no letter is further than 36 below the likeliest.

        Where all logits are -infinity there is no likeliest, and nothing is a number.
        """
        logits = logits.double().clamp(-FINITE, FINITE)
        highest = logits.max(-1, keepdim=True).values
        p = torch.softmax((logits - highest).clamp(min=-LOGIT_LIMIT), -1)
        return p.masked_fill_(highest <= -FINITE, torch.nan)

    def loss(self, logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
        """Cross-entropy in nats, summed over all scored steps; ``mask`` is (B, T)."""
        return self._nats(logits, targets, mask).sum()

    def losses(self, logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
        """The `loss` of each of S batches, (S,); everything has S in front."""
        return self._nats(logits, targets, mask).flatten(1).sum(1)

    def _nats(self, logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
        return -(torch.log_softmax(logits, -1) * targets).sum(-1) * mask

    def cost_bits(self, probabilities: Array, targets: Targets, mask: Targets) -> Array:
        """Bits that the targets cost, (B, T): log2 k for a guess, infinite for the impossible."""
        given = np.where(targets > 0.5, probabilities, 0.0).sum(-1)
        with np.errstate(divide="ignore"):
            return np.where(mask > 0, -np.log2(given), 0.0)

    def divergence_bits(self, optimal: Array, model: Array, mask: Targets) -> Array:
        """KL(optimal || model) in bits, (B, T): what using the model costs more, on average."""
        parts = _plogq(optimal, model)
        return np.where(mask > 0, np.maximum(parts.sum(-1), 0.0), 0.0)

    def entropy_bits(self, probabilities: Array, mask: Targets) -> Array:
        """Entropy of the predictions in bits, (B, T)."""
        return np.where(mask > 0, -_plogp(probabilities).sum(-1), 0.0)

    def why_not(self, probabilities: Array) -> str | None:
        """Why these numbers are no probabilities, or None."""
        inside = (probabilities >= 0) & (probabilities <= 1)
        if not inside.all():
            return _first_wrong(probabilities, inside)
        return why_no_sum(probabilities)

    def distribution(self, probabilities: Array) -> Array:
        """P of each letter, (..., k): the predictions as they are."""
        return probabilities

    def from_distribution(self, distribution: Array) -> Array:
        """Predictions from P of each letter: as they are."""
        return distribution


def next_symbol_outputs(letters: int) -> Bits | Symbols:
    """The outputs of a next-symbol task: one bit for two letters, a channel a letter for more.

    Raises InputError for fewer than 2 letters or more than 256.
    """
    if not isinstance(letters, int | np.integer) or not 2 <= letters <= MOST_LETTERS:
        raise InputError(f"letters must be from 2 to {MOST_LETTERS}, not {letters!r}")
    return Bits(1) if letters == 2 else Symbols(letters)


def of_symbol(distribution: Array, symbols: Letters) -> Array:
    """P of the letter that came, (B, T), from P of every letter (B, T, k)."""
    return np.take_along_axis(distribution, symbols[..., None], axis=-1)[..., 0]


def why_no_sum(distribution: Array) -> str | None:
    """Why numbers (..., k) are not P of each of k letters, by their sums alone; None if they are.

    The first that do not sum to 1, with step and sequence where they have both.
    """
    steps = distribution[None] if distribution.ndim == 1 else distribution
    for start in range(0, steps.shape[-2], STEPS_AT_ONCE):
        with np.errstate(invalid="ignore"):
            sums = steps[..., start : start + STEPS_AT_ONCE, :] @ np.ones(steps.shape[-1])
        close = np.abs(sums - 1) <= SUM_TOLERANCE
        if close.all():
            continue
        first = tuple(np.argwhere(~close)[0])
        place = f" at step {start + first[1]} of sequence {first[0]}" if len(first) == 2 else ""
        return f"they sum to {float(sums[first])!r} over the letters{place}"
    return None


def _plogp(p: Array) -> Array:
    """P log2 p, 0 where p is 0."""
    return np.asarray(np.where(p > 0, p * np.log2(np.where(p > 0, p, 1.0)), 0.0))


def _plogq(p: Array, q: Array) -> Array:
    """P log2(p / q), 0 where p is 0, infinite where only q is."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        logs = np.log2(p / q)
        if (large := np.isposinf(logs)).any():  # a quotient that no float holds has a logarithm
            logs = np.where(large, np.log2(p) - np.log2(q), logs)
        return np.where(p > 0, p * logs, 0.0)


def _first_wrong(probabilities: Array, inside: NDArray[np.bool_]) -> str:
    row, step, *_ = np.argwhere(~inside)[0]
    value = float(probabilities[tuple(np.argwhere(~inside)[0])])
    return f"{value!r} at step {step} of sequence {row} is not between 0 and 1"

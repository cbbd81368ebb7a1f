"""Two answers that should agree: whether they do, within the predictor's own rounding.

Legend: B batch, T time, O output channels.
"""

from typing import Final, NamedTuple

import numpy as np

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.subject import Subject

# Two routes to one number may each be off by the rounding measured, and rounding varies from
# sequence to sequence: so many times as much is still called rounding. For float32 and logits
# about 1 that is 1e-6 to 1e-5: a leak of 1e-4 is above it.
ROUNDINGS: Final = 16

SECONDS_TO_SHRINK: Final = 3.0  # at most, in search of the smallest sequence that shows a failure


class Difference(NamedTuple):
    """Where two answers differ most, and by how much."""

    size: float
    allowed: float  # at this step
    row: int
    step: int
    bits: float  # divergence between them, summed over the row's steps

    @property
    def amount(self) -> str:
        """The size beside what rounding explains."""
        return f"{self.size:.2g} (rounding explains {self.allowed:.1g})"


def difference(
    subject: Subject, expected: Array, found: Array, rounding: Array
) -> Difference | None:
    """The largest difference beyond rounding of values (B, T, O); None if there is none.

    ``rounding`` (T,) is what `Subject.rounding` measured. What is NaN in one alone differs.
    """
    with np.errstate(invalid="ignore"):
        distance = np.abs(expected - found)
    same = (expected == found) | (np.isnan(expected) & np.isnan(found))
    distance = np.where(same, 0.0, np.where(np.isnan(distance), np.inf, distance))
    allowed = ROUNDINGS * rounding[None, : distance.shape[1], None]
    beyond = np.where(distance > allowed, distance, 0.0).max(-1)  # (B, T)
    if not beyond.any():
        return None
    row, step = np.unravel_index(int(beyond.argmax()), beyond.shape)
    bits = cost_of(subject, expected[row : row + 1], found[row : row + 1])
    size, limit = float(beyond[row, step]), float(allowed[0, step, 0])
    return Difference(size, limit, int(row), int(step), bits)


def cost_of(subject: Subject, expected: Array, found: Array) -> float:
    """Σ KL(expected || found) in bits, the most of all rows of values (B, T, O)."""
    right, wrong = subject.probabilities(expected), subject.probabilities(found)
    every = np.ones(right.shape[:2], dtype=np.float32)
    return float(subject.outputs.divergence_bits(right, wrong, every).sum(1).max())

"""What is counted of a run's steps where they are taken, so that nobody waits for a number.

Legend: S runs that step together, each with its own numbers.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor

from ntmlab.training.checkpoint import Progress
from ntmlab.training.cost import NATS_TO_BITS
from ntmlab.training.step import SKIPS_IN_A_ROW

NEVER: Final = -1.0  # stands for the sequence at which a run failed that has not


class Failure(NamedTuple):
    """Where a run failed, and with which numbers."""

    sequences: int
    nats: float
    gradient_norm: float


class Tally:
    """Counts of S runs, float64 on the runs' device; no method but `read` waits for it.

    A run that failed stands still: nothing is counted of it any more, and its steps are not to be
    taken.
    """

    def __init__(self, runs: int, device: torch.device) -> None:
        def zeros() -> Tensor:
            return torch.zeros(runs, dtype=torch.float64, device=device)

        self.loss_bits, self.gradient_norm, self.skipped = zeros(), zeros(), zeros()
        self.in_a_row, self.sequences = zeros(), zeros()
        self.failed_at, self.failed_nats, self.failed_norm = zeros() + NEVER, zeros(), zeros()

    def put(self, progresses: Sequence[Progress]) -> None:
        """Goes on from where runs are; none of them has failed."""
        for tensor, values in (
            (self.loss_bits, [p.loss_bits for p in progresses]),
            (self.gradient_norm, [p.gradient_norm for p in progresses]),
            (self.skipped, [p.skipped for p in progresses]),
            (self.in_a_row, [p.skipped_in_a_row for p in progresses]),
            (self.sequences, [p.sequences for p in progresses]),
        ):
            tensor.copy_(torch.tensor(values, dtype=torch.float64))

    def count(self, nats: Tensor, norm: Tensor, rows: int) -> Tensor:
        """Counts a step of so many rows; returns which of the runs (S,) are to take it.

        ``nats`` is each run's mean loss, ``norm`` that of its gradient in float64, before clipping.
        """
        nats = nats.double()
        finite = (norm - norm) == 0  # of an infinity it is NaN
        standing = self.failed_at != NEVER
        self.in_a_row.add_(1).mul_(~finite)
        bad = ((nats - nats) != 0) | (self.in_a_row > SKIPS_IN_A_ROW)
        fails = bad & ~standing
        counted = ~(bad | standing)
        taken = counted & finite
        self.loss_bits.add_(torch.where(counted, nats * rows * NATS_TO_BITS, 0.0))
        self.skipped.add_(counted & ~finite)
        self.gradient_norm.copy_(torch.where(taken, norm, 0.0).maximum(self.gradient_norm))
        self.failed_at.copy_(torch.where(fails, self.sequences, self.failed_at))
        self.failed_nats.copy_(torch.where(fails, nats, self.failed_nats))
        self.failed_norm.copy_(torch.where(fails, norm, self.failed_norm))
        self.sequences.add_(counted, alpha=rows)
        return taken

    def read(self, progresses: Sequence[Progress]) -> list[Failure | None]:
        """Puts what was counted into each run's progress; returns where they failed."""
        counts = (self.loss_bits, self.gradient_norm, self.skipped, self.in_a_row)
        failures = (self.failed_at, self.failed_nats, self.failed_norm)
        found: list[Failure | None] = []
        rows = torch.stack([*counts, *failures], 1).tolist()  # the one wait
        for progress, (bits, norm, skipped, in_a_row, at, nats, norm_then) in zip(
            progresses, rows, strict=True
        ):
            progress.loss_bits, progress.gradient_norm = bits, norm
            progress.skipped, progress.skipped_in_a_row = int(skipped), int(in_a_row)
            found.append(None if at == NEVER else Failure(int(at), nats, norm_then))
        return found

    def begin_row(self, run: int) -> None:
        """Sets back what is added up of a run from row to row of metrics."""
        for tensor in (self.loss_bits, self.gradient_norm, self.skipped):
            tensor[run].zero_()

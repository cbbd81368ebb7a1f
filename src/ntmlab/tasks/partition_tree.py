"""Piecewise letters: time is cut in halves at random. Legend: B batch, k letters, D depth."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ntmlab.given import check_probability
from ntmlab.optimal.partition_tree import PartitionTree
from ntmlab.tasks.source import Source, Step, choose
from ntmlab.tasks.tables import Prior, check_source, distributions


@dataclasses.dataclass(frozen=True)
class PartitionTreeSource(Source):
    """Independent letters, from one distribution within each piece of time.

    A stretch of 2^depth letters is one piece with probability 1 − ``split``; else each half is cut
    by the same rule, down to single letters. After it another stretch begins. Each piece draws its
    distribution from the Dirichlet ``prior``. Pieces are new in every sequence.

    >>> PartitionTreeSource(depth=3, length=8).sample(2, seed=0).targets.shape
    torch.Size([2, 8, 1])

    Raises InputError for a depth outside 0..62, a split that is no probability, letters outside
    2..256, a length below 1, or a prior that is not positive.
    """

    depth: int = 8
    prior: Prior = 0.5
    split: float = 0.5
    letters: int = 2
    length: int = 200

    name: ClassVar[str] = "partition-tree"
    form: ClassVar[tuple[str, ...]] = ("letters",)
    others: ClassVar[Mapping[str, tuple[float, ...]]] = {"split": (0.2, 0.5, 0.8)}

    def __post_init__(self) -> None:
        object.__setattr__(self, "prior", check_source(self.letters, self.length, self.prior))
        object.__setattr__(self, "split", check_probability("split", self.split))
        self.filter()  # a depth that is none shows here

    def filter(self) -> PartitionTree:
        """Partition tree weighting with the prior that pieces are drawn from."""
        return PartitionTree(self.letters, self.depth, self.split, self.prior)

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Letters, and the distribution of their piece."""
        known = distributions(random, self.prior, self.letters, rows)
        level = np.full(rows, -1)  # of the piece that the present letter is in
        t = 0
        while True:
            ended = (level < 0) | (t % 2.0**level == 0)
            level = np.where(ended, self._levels(t, random.random(rows)), level)
            fresh = distributions(random, self.prior, self.letters, rows)
            known = np.where(ended[:, None], fresh, known)
            symbols = choose(known, random.random(rows))
            yield Step(symbols, known)
            t += 1

    def _levels(self, t: int, uniform: NDArray[np.float64]) -> NDArray[np.int64]:
        """The level of a piece that begins at t: the largest that can, after its splits, (B,)."""
        largest = self.depth
        if t % 2**self.depth:
            largest = (t & -t).bit_length() - 1
        splits = np.zeros(len(uniform), dtype=np.int64)
        for number in range(1, largest + 1):
            splits += uniform < self.split**number
        return largest - splits

"""Letters from random context trees. Legend: B batch, k letters, D depth."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ntmlab.given import check_probability, check_whole
from ntmlab.optimal.context_trees import ContextTrees
from ntmlab.tasks.source import Source, Step
from ntmlab.tasks.tables import Prior, check_source, check_table, distributions, table_walk

DEEPEST = 16


@dataclasses.dataclass(frozen=True)
class ContextTreeSource(Source):
    """Each letter depends on as many letters before it as a random tree says.

    The root and each inner node split with probability ``split`` into a child for each letter
    before; nodes at full ``depth`` never do. Each leaf draws a distribution from the Dirichlet
    ``prior``. Tree and distributions are new in every sequence; the first ``depth`` letters are
    uniform.

    >>> ContextTreeSource(depth=2, length=8).sample(2, seed=0).targets.shape
    torch.Size([2, 8, 1])

    Raises InputError for a depth below 0 or with too many leaves, a split that is no probability,
    letters outside 2..256, a length below 1, or a prior that is not positive.
    """

    depth: int = 5
    split: float = 0.5
    prior: Prior = 0.5
    letters: int = 2
    length: int = 200

    name: ClassVar[str] = "context-trees"
    form: ClassVar[tuple[str, ...]] = ("letters",)
    others: ClassVar[Mapping[str, tuple[float, ...]]] = {"split": (0.0, 0.2, 0.5, 0.8, 1.0)}

    def __post_init__(self) -> None:
        object.__setattr__(self, "prior", check_source(self.letters, self.length, self.prior))
        check_whole("depth", self.depth, 0, DEEPEST)
        check_table(self.letters, self.depth, "depth")
        object.__setattr__(self, "split", check_probability("split", self.split))
        self.filter()  # a tree of too many nodes shows here

    def filter(self) -> ContextTrees:
        """Context-tree weighting with the prior that trees are drawn from."""
        return ContextTrees(self.letters, self.depth, self.split, self.prior)

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Letters, and the distribution of their leaf."""
        return table_walk(self.tables(rows, random), self.depth, random)

    def tables(self, rows: int, random: np.random.Generator) -> NDArray[np.float64]:
        """The distribution that follows every context of full depth, (B, k^D, k)."""
        contexts = np.arange(self.letters**self.depth)
        table = np.empty((rows, len(contexts), self.letters))
        inside = np.ones((rows, len(contexts)), dtype=bool)  # within a node that has split
        for depth in range(self.depth + 1):
            nodes = self.letters**depth
            split = random.random((rows, nodes)) < (self.split if depth < self.depth else 0)
            own = distributions(random, self.prior, self.letters, rows, nodes)
            node = contexts % nodes  # the last letters are the low digits
            leaf = inside & ~split[:, node]
            table[leaf] = own[:, node][leaf]
            inside &= split[:, node]
        return table

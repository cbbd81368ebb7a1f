"""A Markov chain with a latent lag: one earlier letter decides. Legend: B batch, k letters."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np

from ntmlab.optimal.lags import Lags
from ntmlab.tasks.source import Source, Step, choose
from ntmlab.tasks.tables import Prior, check_source, check_table, distributions


@dataclasses.dataclass(frozen=True)
class LagSource(Source):
    """Each letter depends on the one that came a fixed number of letters before; which is drawn.

    The lag is 1 .. ``most``, all alike, and what follows each letter at that distance is drawn from
    the Dirichlet ``prior``, both new in every sequence. The first ``most`` letters are uniform.

    >>> LagSource(most=2, length=8).sample(2, seed=0).targets.shape
    torch.Size([2, 8, 1])

    Raises InputError for less than one lag or too many, letters outside 2..256, a length below 1,
    or a prior that is not positive.
    """

    most: int = 5
    letters: int = 2
    prior: Prior = 0.5
    length: int = 200

    name: ClassVar[str] = "lags"
    form: ClassVar[tuple[str, ...]] = ("letters",)
    others: ClassVar[Mapping[str, tuple[float, ...]]] = {"most": (1, 2, 5, 10)}

    def __post_init__(self) -> None:
        object.__setattr__(self, "prior", check_source(self.letters, self.length, self.prior))
        check_table(self.letters, 1, "context")
        self.filter()  # a number of lags that is none shows here

    def filter(self) -> Lags:
        """Bayes over the lags."""
        return Lags(self.letters, self.most, self.prior)

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Letters, and what the letter at the drawn lag says of them."""
        k, every = self.letters, np.arange(rows)
        lag = 1 + (random.random(rows) * self.most).astype(np.int64)
        table = distributions(random, self.prior, k, rows, k)
        recent = np.zeros((rows, self.most), dtype=np.int64)  # the letter of step t at t % most
        t = 0
        while True:
            decides = recent[every, (t - lag) % self.most]
            known = table[every, decides] if t >= self.most else np.full((rows, k), 1 / k)
            symbols = choose(known, random.random(rows))
            yield Step(symbols, known)
            recent[:, t % self.most] = symbols
            t += 1

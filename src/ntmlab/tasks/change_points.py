"""Letters whose distribution changes at unknown times. Legend: B batch, k letters."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np

from ntmlab.given import check_probability
from ntmlab.optimal.change_points import ChangePoints
from ntmlab.tasks.source import Source, Step, choose
from ntmlab.tasks.tables import Prior, check_source, distributions


@dataclasses.dataclass(frozen=True)
class ChangePointSource(Source):
    """Independent letters from a distribution that is drawn afresh now and then.

    Before each letter but the first, with probability ``hazard``, the distribution is drawn again
    from the Dirichlet ``prior``, one number or one a letter.

    >>> ChangePointSource(hazard=0.1, length=8).sample(2, seed=0).targets.shape
    torch.Size([2, 8, 1])

    Raises InputError for a hazard that is no probability, letters outside 2..256, a length below 1,
    or a prior that is not positive.
    """

    hazard: float = 0.02
    prior: Prior = 0.5
    letters: int = 2
    length: int = 200

    name: ClassVar[str] = "change-points"
    form: ClassVar[tuple[str, ...]] = ("letters",)
    others: ClassVar[Mapping[str, tuple[float, ...]]] = {"hazard": (0.0, 0.005, 0.02, 0.1)}

    def __post_init__(self) -> None:
        object.__setattr__(self, "prior", check_source(self.letters, self.length, self.prior))
        object.__setattr__(self, "hazard", check_probability("hazard", self.hazard))

    def filter(self) -> ChangePoints:
        """Bayes over all segmentations."""
        return ChangePoints(self.letters, self.hazard, self.prior)

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Letters, and the distribution of their run."""
        known = distributions(random, self.prior, self.letters, rows)
        while True:
            symbols = choose(known, random.random(rows))
            yield Step(symbols, known)
            changed = random.random(rows) < self.hazard
            fresh = distributions(random, self.prior, self.letters, rows)
            known = np.where(changed[:, None], fresh, known)

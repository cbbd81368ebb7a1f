"""One coin of several known ones. Legend: B batch, M coins, T time."""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.given import check_probability, check_whole
from ntmlab.optimal.expected import Expected, entropies
from ntmlab.optimal.logs import log
from ntmlab.optimal.mixture import Fixed, Mixture
from ntmlab.tasks.source import Source, Step, Variation, choose

COINS = 5  # unless given
MOST_COINS = 1024


@dataclasses.dataclass(frozen=True)
class CoinSource(Source):
    """Tosses of one of ``m`` coins, which one is drawn for every sequence, all alike.

    Coin i of 1 .. m, five unless given, shows a 1 with probability i / (m + 1); or give ``biases``,
    one a coin.

    >>> CoinSource(m=2, length=8).sample(2, seed=0).targets.shape
    torch.Size([2, 8, 1])

    Raises InputError for less than 1 or more than 1,024 coins, biases that are no probabilities or
    not m of them, or a length below 1.
    """

    m: int | None = None
    length: int = 200
    biases: tuple[float, ...] | None = None

    name: ClassVar[str] = "coins"
    letters: ClassVar[int] = 2
    others: ClassVar[Mapping[str, tuple[float, ...]]] = {"m": (2, 5, 20)}

    def __post_init__(self) -> None:
        check_whole("length", self.length, 1)
        if self.biases is not None:
            given = self.biases if isinstance(self.biases, list | tuple) else (self.biases,)
            object.__setattr__(self, "biases", tuple(check_probability("a bias", p) for p in given))
            if self.m not in (None, len(given)):
                raise InputError(f"{len(given)} biases are not those of {self.m} coins")
        if self.m is None:
            object.__setattr__(self, "m", COINS if self.biases is None else len(self.biases))
        check_whole("m", self.m, 1, MOST_COINS)

    @property
    def coins(self) -> NDArray[np.float64]:
        """P of 0 and of 1 of each coin, (M, 2)."""
        coins = self.m or COINS
        ones = np.arange(1, coins + 1) / (coins + 1) if self.biases is None else self.biases
        return np.stack([1 - np.asarray(ones), np.asarray(ones)], 1)

    def filter(self) -> Mixture:
        """The Bayes mixture of the coins."""
        return Mixture([Fixed(coin) for coin in self.coins])

    def optimal_bits(self, length: int | None = None) -> Expected:
        """Exact: sums over how many ones were seen."""
        steps = self.length if length is None else length
        costs = [_cost_after(self.coins, seen) for seen in range(steps)]
        return Expected(math.fsum(costs), 0.0, "sum over the number of ones")

    def entropy_rate(self) -> Expected:
        """Bits a toss once the coin is known: the mean over coins."""
        return Expected(float(entropies(self.coins).mean()), 0.0, "mean entropy of the coins")

    def variations(self) -> list[Variation]:
        """Other numbers of coins, where these are spread evenly."""
        return super().variations() if self.biases is None else []

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Tosses, and the distribution of the coin."""
        coins = self.coins
        known = coins[(random.random(rows) * len(coins)).astype(np.int64)]
        while True:
            yield Step(choose(known, random.random(rows)), known)


def _cost_after(coins: NDArray[np.float64], seen: int) -> float:
    """The mean entropy of the prediction after so many tosses, in bits."""
    ones = np.arange(seen + 1)
    ways = [math.lgamma(seen + 1) - math.lgamma(n + 1) - math.lgamma(seen - n + 1) for n in ones]
    with np.errstate(invalid="ignore"):  # 0 ones of probability 0 are no surprise
        parts = np.nan_to_num(ones[:, None] * log(coins[:, 1]), nan=0.0, neginf=-np.inf)
        parts += np.nan_to_num((seen - ones)[:, None] * log(coins[:, 0]), nan=0.0, neginf=-np.inf)
    chance = np.exp(parts + np.array(ways)[:, None]) / len(coins)  # (seen + 1, M)
    total = chance.sum(1)
    possible = total > 0
    predictions = chance[possible] @ coins / total[possible, None]
    return float(total[possible] @ entropies(predictions))

"""Success rates: how many seeds of how many reach a goal, and what that says of others."""

import math
from collections.abc import Sequence
from statistics import NormalDist, median
from typing import Final, NamedTuple

from ntmlab.runs.results import Result
from ntmlab.studies.seeds.goals import Goal

CONFIDENCE: Final = 0.95


class Reached(NamedTuple):
    """A goal, the number of each seed in order of seed, and how many reach it."""

    goal: Goal
    values: tuple[float, ...]
    good: int

    @property
    def interval(self) -> tuple[float, float]:
        """Between which rates of success the recipe's own lies, at 95 % confidence."""
        return wilson(self.good, len(self.values))

    def cells(self) -> list[str]:
        """How many, the interval, the median and the range, in words."""
        low, high = (f"{100 * bound:.0f} %" for bound in self.interval)
        values = sorted(self.values)
        middle, best, worst = map(self.goal.show, (median(values), values[0], values[-1]))
        return [f"{self.good} of {len(values)}", f"{low} to {high}", middle, f"{best} to {worst}"]


def reached(goal: Goal, results: Sequence[Result]) -> Reached:
    """A goal measured on the seeds of a recipe."""
    values = tuple(goal.measure(result) for result in results)
    return Reached(goal, values, sum(value <= goal.most for value in values))


def wilson(good: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a rate after ``good`` successes of ``of`` (Wilson 1927, JASA 22:209-212).

    The rates whose own expectation the count is not too far from: unlike the rate plus and minus
    its standard error it says something where all or none succeed.

    >>> [round(bound, 3) for bound in wilson(8, 8)], [round(bound, 3) for bound in wilson(1, 2)]
    ([0.676, 1.0], [0.095, 0.905])
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate, spread = good / of, z * z / of
    middle = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(rate * (1 - rate) / of + spread / of / 4)
    return max(0.0, middle - half), min(1.0, middle + half)

"""Success rates: how many seeds of how many reach a goal, and what that says of others."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from ntmlab.runs.results import Result
from ntmlab.runs.success import wilson
from ntmlab.studies.seeds.goals import Goal


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

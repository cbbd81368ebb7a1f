"""How many of the seeds of a recipe reach its goals."""

from ntmlab.studies.seeds.goals import GOALS, Goal
from ntmlab.studies.seeds.rates import Reached, reached

__all__ = ["GOALS", "Goal", "Reached", "reached"]

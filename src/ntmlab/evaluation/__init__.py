"""How close predictors come to the optimum, and where they depart from it."""

from ntmlab.evaluation.compare import Comparison, compare
from ntmlab.evaluation.ratios import Profile
from ntmlab.evaluation.score import Score

__all__ = ["Comparison", "Profile", "Score", "compare"]

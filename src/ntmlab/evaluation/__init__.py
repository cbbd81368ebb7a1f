"""How close predictors come to the optimum, and where they depart from it."""

from ntmlab.evaluation.compare import Comparison, Profile, Score, compare

__all__ = ["Comparison", "Profile", "Score", "compare"]

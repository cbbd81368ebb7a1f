"""Targets and outputs at sizes beyond those of training: Figures 4, 5 and 8."""

from ntmlab.studies.generalise.measure import Pair, answers
from ntmlab.studies.generalise.picture import generalise
from ntmlab.studies.generalise.report import drawing

__all__ = ["Pair", "answers", "drawing", "generalise"]

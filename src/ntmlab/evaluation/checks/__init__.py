"""Checks of a predictor: what must hold before its gap to the optimum means anything."""

from ntmlab.evaluation.checks.check import NAMES, Check, Where
from ntmlab.evaluation.checks.predictor import check_predictor
from ntmlab.evaluation.checks.testing import parametrize_with_checks

__all__ = ["NAMES", "Check", "Where", "check_predictor", "parametrize_with_checks"]

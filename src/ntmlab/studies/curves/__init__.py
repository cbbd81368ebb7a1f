"""Learning curves of runs: Figures 3, 7, 10, 13 and 18."""

from ntmlab.studies.curves.report import drawing

__all__ = ["drawing"]

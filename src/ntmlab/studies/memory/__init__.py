"""A machine at work on one sequence: Figures 6, 9, 12 and 15."""

from ntmlab.studies.memory.report import drawing

__all__ = ["drawing"]

"""Where a machine writes what it is to sort: Figures 16 and 17."""

from ntmlab.studies.sorting.measure import PriorityFit, SortWrites, fit_priority, sort_writes
from ntmlab.studies.sorting.report import example_drawing, fit_drawing

__all__ = [
    "PriorityFit",
    "SortWrites",
    "example_drawing",
    "fit_drawing",
    "fit_priority",
    "sort_writes",
]

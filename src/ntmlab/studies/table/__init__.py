"""All kinds of models on several sources, each trained with equal care, in one table."""

from ntmlab.studies.table.cell import StoppedError, measure_cell
from ntmlab.studies.table.plan import SIZES, SOURCES, Budget, Cell, cells, check_budget
from ntmlab.studies.table.report import read_cells, to_text

__all__ = [
    "SIZES",
    "SOURCES",
    "Budget",
    "Cell",
    "StoppedError",
    "cells",
    "check_budget",
    "measure_cell",
    "read_cells",
    "to_text",
]

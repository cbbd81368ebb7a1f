"""The paper's figures, one call each, and what it claims of the tasks with exact answers."""

from ntmlab.studies.paper.figures import FIGURES, check_drawn, draw, figure, find_figure

__all__ = ["FIGURES", "check_drawn", "draw", "figure", "find_figure"]

"""Which estimator a model is: the divergence to known predictors, and their best mixture."""

from ntmlab.studies.nearest.measure import Nearest, nearest, usual_references
from ntmlab.studies.nearest.picture import nearest as draw
from ntmlab.studies.nearest.report import drawing, to_json, to_text

__all__ = ["Nearest", "draw", "drawing", "nearest", "to_json", "to_text", "usual_references"]

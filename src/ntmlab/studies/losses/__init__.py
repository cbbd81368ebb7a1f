"""Where a model loses the bits that the optimum does not."""

from ntmlab.studies.losses.claims import all_claims, better_than, prediction_claims
from ntmlab.studies.losses.measure import Losses, Part, losses
from ntmlab.studies.losses.report import drawing, read_parts, to_json, to_text

__all__ = [
    "Losses",
    "Part",
    "all_claims",
    "better_than",
    "drawing",
    "losses",
    "prediction_claims",
    "read_parts",
    "to_json",
    "to_text",
]

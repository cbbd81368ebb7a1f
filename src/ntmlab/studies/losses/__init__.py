"""Where a model loses the bits that the optimum does not."""

from ntmlab.studies.losses.claims import better_than, prediction_claims
from ntmlab.studies.losses.measure import Losses, Part, losses

__all__ = ["Losses", "Part", "better_than", "losses", "prediction_claims"]

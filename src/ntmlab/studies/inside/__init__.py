"""Whether and how an NTM's memory counts on dynamic N-grams: section 4.4 of the paper, measured."""

from ntmlab.studies.inside.claims import memory_claims
from ntmlab.studies.inside.measure import Inside, look_inside

__all__ = ["Inside", "look_inside", "memory_claims"]

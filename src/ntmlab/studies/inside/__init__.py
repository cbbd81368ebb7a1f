"""Whether and how an NTM's memory counts on dynamic N-grams: section 4.4 of the paper, measured."""

from ntmlab.studies.inside.claims import memory_claims
from ntmlab.studies.inside.measure import Inside, look_inside
from ntmlab.studies.inside.report import drawing, to_json, to_text

__all__ = ["Inside", "drawing", "look_inside", "memory_claims", "to_json", "to_text"]

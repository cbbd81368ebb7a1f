"""Whether a model's state holds what the exact predictor knows: linear fits."""

from ntmlab.studies.probe.measure import Probe, features, probe
from ntmlab.studies.probe.report import to_json, to_text

__all__ = ["Probe", "features", "probe", "to_json", "to_text"]

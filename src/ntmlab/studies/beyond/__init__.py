"""What models lose beyond their training: longer sequences, other parameters."""

from ntmlab.studies.beyond.measure import Beyond, Setting, beyond, short_settings
from ntmlab.studies.beyond.report import drawing, to_json, to_text

__all__ = ["Beyond", "Setting", "beyond", "drawing", "short_settings", "to_json", "to_text"]

"""What models lose beyond their training: longer sequences, other tables, shorter contexts."""

from ntmlab.studies.beyond.measure import Beyond, Setting, beyond

__all__ = ["Beyond", "Setting", "beyond"]

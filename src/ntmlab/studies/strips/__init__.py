"""One sequence above the predictions of several models: Figure 14."""

from ntmlab.studies.strips.report import Subject, drawing, subject

__all__ = ["Subject", "drawing", "subject"]

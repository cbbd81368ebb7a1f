"""Sweeps: many runs of one study, on one machine or many, none of which is lost."""

from ntmlab.sweeps.attempts import Sweep

__all__ = ["Sweep"]

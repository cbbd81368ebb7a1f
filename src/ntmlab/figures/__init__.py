"""Figures: arrays in, axes out. Nothing here calls a model or opens a window."""

from ntmlab.figures.curves import Curve, curves
from ntmlab.figures.save import save
from ntmlab.figures.strips import strips
from ntmlab.figures.terminal import strips_text

__all__ = ["Curve", "curves", "save", "strips", "strips_text"]

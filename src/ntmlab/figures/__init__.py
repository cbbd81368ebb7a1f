"""Figures: arrays in, axes out. Nothing here calls a model or opens a window."""

from ntmlab.figures.curves import curves
from ntmlab.figures.memory import memory, recurrences
from ntmlab.figures.panels import MemoryUse
from ntmlab.figures.rows import strip_arrays
from ntmlab.figures.save import save
from ntmlab.figures.seeds import Curve
from ntmlab.figures.strips import strips
from ntmlab.figures.terminal import strips_text

__all__ = [
    "Curve",
    "MemoryUse",
    "curves",
    "memory",
    "recurrences",
    "save",
    "strip_arrays",
    "strips",
    "strips_text",
]

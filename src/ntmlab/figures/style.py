"""One look for every figure: sizes, fonts, and colours that survive print and colour-blindness."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

ARROW = "#d62718"  # the one red; arrows are told by their shape too
RULE = "#555555"  # frames, captions

# Okabe and Ito's colours, each always with the same line style, so that grey prints stay readable.
LINES = (
    ("#0072b2", "-"),
    ("#d55e00", "--"),
    ("#009e73", "-."),
    ("#cc79a7", ":"),
    ("#e69f00", (0, (5, 1, 1, 1, 1, 1))),
    ("#56b4e9", (0, (3, 1))),
)

SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.linewidth": 0.6,
    "axes.edgecolor": RULE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "legend.frameon": False,
    "savefig.dpi": 200,
    "svg.hashsalt": "ntmlab",  # the same picture gives the same bytes
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


@contextmanager
def style() -> Iterator[None]:
    """The settings, for the time of a drawing."""
    with mpl.rc_context(SETTINGS):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of a size in inches, bound to no window."""
    return Figure(figsize=(width, height), layout="constrained")

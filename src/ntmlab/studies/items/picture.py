"""Figure 11 of *Neural Turing Machines* (2014): cost against the number of items.

Legend: P points of a line.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from ntmlab.errors import InputError
from ntmlab.figures.line_styles import line_style
from ntmlab.figures.style import FRAME_GREY, new_figure, style
from ntmlab.studies.items.measure import ItemsLine


def cost_by_items(
    lines: Sequence[ItemsLine], *, trained: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draws cost in bits per sequence against the number of items, with standard errors.

    A vertical line stands at ``trained``, the most items seen in training. Raises InputError
    without lines or where their arrays differ in length.
    """
    if not lines:
        raise InputError("there is no model to draw")
    for line in lines:
        if not len(line.items) == len(line.bits) == len(line.error) > 0:
            raise InputError(f"{line.label}: items, bits and errors must be as many")
    with style():
        if ax is None:
            ax = new_figure(5.4, 3.4).add_subplot()
        for place, line in enumerate(lines):
            look = line_style(place)
            ax.errorbar(
                line.items,
                line.bits,
                yerr=np.nan_to_num(line.error),
                color=look.colour,
                linestyle=look.dashes,
                marker=look.marker,
                capsize=2,
                label=line.label,
            )
        if trained is not None:
            ax.axvline(trained, color=FRAME_GREY, lw=0.8, ls=":", label="most items in training")
        ax.set_xlabel("items in a sequence")
        ax.set_ylabel("cost (bits per sequence)")
        ax.set_ylim(bottom=min(0.0, -0.02 * max(float(np.max(line.bits)) for line in lines)))
        ax.legend()
    return ax

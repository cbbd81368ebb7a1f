"""One convention of grey: black is 1, or the most, and every panel has the key to its greys."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colorbar import Colorbar

from ntmlab.figures.style import FRAME_GREY, axes_width

INK: Final = "gray_r"  # Matplotlib's name for it: white at the least, black at the most

KEY_GAP, KEY_WIDTH = 6.0, 6.0  # points


def draw_key(
    ax: Axes,
    shown: ScalarMappable,
    ticks: Sequence[float],
    *,
    label: str = "",
    part: float = 1.0,
    size: float = 6.5,
) -> Colorbar:
    """The greys of ``shown`` and what they mean, right of a panel, from its top down to a part.

    Ticks are written in a font of ``size`` points.
    """
    width = axes_width(ax)
    own = ax.inset_axes((1 + KEY_GAP / width, 1 - part, KEY_WIDTH / width, part))
    figure = ax.get_figure(root=True)
    assert figure is not None
    bar = figure.colorbar(shown, cax=own, ticks=list(ticks))
    own.set_yticks(list(ticks), [f"{tick:.2g}" for tick in ticks])
    own.set_label("key")
    own.minorticks_off()
    own.tick_params(length=2, labelsize=size)
    if label:
        bar.set_label(label, fontsize=size)
    bar.outline.set(linewidth=0.5, edgecolor=FRAME_GREY)
    return bar

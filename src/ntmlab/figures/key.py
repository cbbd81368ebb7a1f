"""One convention of grey: black is 1, or the most, and every panel has the key to its greys."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colorbar import Colorbar
from matplotlib.patches import Rectangle

from ntmlab.figures.style import FRAME_GREY, axes_width

INK: Final = "gray_r"  # Matplotlib's name for it: white at the least, black at the most

KEY_GAP, KEY_WIDTH = 6.0, 6.0  # points


def draw_key(
    ax: Axes,
    shown: ScalarMappable,
    ticks: Sequence[float],
    *,
    label: str = "",
    parts: tuple[float, float] = (0.0, 1.0),
    size: float = 6.5,
) -> Colorbar:
    """The greys of ``shown`` and what they mean, right of a panel.

    It goes from one part of the panel's height to another, counted from the top. Ticks are written
    in a font of ``size`` points.
    """
    own = _beside(ax, parts)
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


def draw_bits_key(
    ax: Axes, parts: tuple[float, float], *, dark_is_one: bool, size: float = 6.5
) -> None:
    """What black and white are in a strip of bits: a cell of each, right of a panel.

    From one part of the panel's height to another, counted from the top.
    """
    own = _beside(ax, parts)
    own.set(xlim=(0, 1), ylim=(0, 2), xticks=[], label="key of bits")
    for bit in (0, 1):
        colour = "black" if (bit == 1) == dark_is_one else "white"
        own.add_patch(Rectangle((0, bit), 1, 1, facecolor=colour, gid=f"bit/{bit}"))
    own.yaxis.tick_right()
    own.set_yticks([0.5, 1.5], ["0", "1"])
    own.tick_params(length=2, labelsize=size)
    own.spines[:].set(visible=True, linewidth=0.5, edgecolor=FRAME_GREY)


def _beside(ax: Axes, parts: tuple[float, float]) -> Axes:
    """Axes for a key right of a panel, from one part of its height to another."""
    width, (first, last) = axes_width(ax), parts
    return ax.inset_axes((1 + KEY_GAP / width, 1 - last, KEY_WIDTH / width, last - first))

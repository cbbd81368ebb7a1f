"""One look for every figure: fonts, greys, one red, lines that survive print and colour-blindness.

Nothing here acts at import; a drawing function works ``with style():``. What others have set before
does not matter: the look is Matplotlib's own defaults and the settings below.
"""

import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import LogFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from ntmlab.evaluation.bits import Array
from ntmlab.figures.png import png
from ntmlab.figures.width import WIDE, in_column, printed_width

ARROW_RED: Final = "#c8102e"  # the only red, and never without the shape of an arrow
FRAME_GREY: Final = "#808080"  # frames of strips and cells
TEXT_GREY: Final = "#303030"
CAPTION_SIZE: Final = 7.5  # points
POINTS_PER_INCH: Final = 72
SCREEN: Final = 96  # pixels an inch, as browsers have it
POSITION_DIGITS: Final = 9  # of positions of axes, in parts of the figure

# Room that a character of the caption takes on average, in parts of the font size.
CHARACTER_WIDTH: Final = 0.51


class Type(NamedTuple):
    """Sizes of type in points, read at the size in which a picture is printed."""

    label: float  # names of strips, titles of axes
    tick: float
    caption: float
    small: float  # departures beside their arrows
    arrow: float  # heads of arrows


PAGE: Final = Type(9, 8, CAPTION_SIZE, 6.5, 11)
COLUMN: Final = Type(7.5, 6.5, 6.5, 6, 7)
TICK_ROOM: Final = 16.0  # points that the number of a step takes, with what parts it from the next


def type_for(width: float) -> Type:
    """The sizes of type of a picture so many inches wide."""
    return PAGE if width >= WIDE else COLUMN


def points(usual: float) -> float:
    """The size of type that is ``usual`` on a page, at most that of a caption in a column."""
    return min(usual, COLUMN.caption) if in_column() else usual


PLAIN_PNG: Final = {"format": "png", "metadata": {"Software": None}}

Shown = tuple[bytes, dict[str, int]]  # what a notebook shows of a picture: file and size


SETTINGS: Any = {  # matplotlib's own type lists every key
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same picture on every machine
    "font.size": 9,
    "axes.linewidth": 0.6,
    "axes.edgecolor": TEXT_GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "legend.handlelength": 3.4,  # enough to tell dashes
    "lines.linewidth": 1.4,
    "lines.markersize": 4,
    "text.parse_math": False,  # a $ in a predictor's name is a dollar
    "savefig.dpi": 300,
    "image.composite_image": False,  # vector files keep one image a row
    "svg.hashsalt": "ntmlab",  # the same picture gives the same bytes
    "svg.fonttype": "path",  # looks the same where the font is missing
    "pdf.fonttype": 42,  # TrueType, which publishers ask for
}


COLUMN_SETTINGS: Any = {
    "font.size": COLUMN.label,
    "axes.labelsize": COLUMN.label,
    "axes.titlesize": COLUMN.label,
    "xtick.labelsize": COLUMN.tick,
    "ytick.labelsize": COLUMN.tick,
    "legend.fontsize": COLUMN.tick,
    "legend.handlelength": 2.6,
    "lines.linewidth": 1.1,
    "lines.markersize": 3,
}

# Matplotlib's settings that are none of the look: how windows are opened, where files were saved.
NO_LOOK: Final = (
    *("backend", "interactive", "toolbar", "keymap.", "webagg.", "tk.", "figure.raise_window"),
    *("figure.max_open_warning", "savefig.directory", "timezone", "date.epoch", "docstring."),
)


def style(narrow: bool | None = None) -> AbstractContextManager[None]:
    """The look, for as long as the context lasts; matplotlib's settings are put back after it.

    That of a column where ``narrow`` is true; without it, where new figures are for one.
    """
    defaults: Any = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith(NO_LOOK)}
    column = COLUMN_SETTINGS if (in_column() if narrow is None else narrow) else {}
    return mpl.rc_context(defaults | SETTINGS | column)


class SteadyLayout(ConstrainedLayoutEngine):
    """Matplotlib's constrained layout, less its noise.

    Its solver orders what it solves by addresses in memory, so that the last bits of positions
    change from run to run, and with them the names of clip paths in SVG files.
    """

    def execute(self, figure: Figure) -> None:
        """Lays the figure out, with positions rounded far below a pixel."""
        super().execute(figure)
        for ax in figure.axes:
            held = ax.get_in_layout()
            corners = ax.get_position(original=True).get_points().round(POSITION_DIGITS)
            ax.set_position(Bbox(corners))
            ax.set_in_layout(held)  # as it was: a position that is set leaves the layout


class ShownAxes(Axes):
    """Axes that a notebook shows as the figure they are of."""

    def _repr_png_(self) -> Shown:
        figure = self.get_figure(root=True)
        assert isinstance(figure, StyledFigure)
        return figure._repr_png_()


class StyledFigure(Figure):
    """A figure that has the look however late it is drawn, and in whatever file it is saved.

    A notebook shows it, and each of its axes.
    """

    narrow = False  # whether it is for a column

    def add_subplot(self, *arguments: Any, **options: Any) -> Any:
        """New axes, which a notebook shows."""
        return super().add_subplot(*arguments, **{"axes_class": ShownAxes} | options)

    def _repr_png_(self) -> Shown:
        """The picture for fine screens, and its size on the page in pixels."""
        file, (width, height) = io.BytesIO(), self.get_size_inches()
        with style(self.narrow):
            super().savefig(file, format="png", dpi=2 * SCREEN)
        size = {"width": round(width * SCREEN), "height": round(height * SCREEN)}
        return file.getvalue(), size

    def draw(self, *arguments: Any, **options: Any) -> None:
        """Draws it, in the look."""
        with style(self.narrow):
            super().draw(*arguments, **options)

    def savefig(self, fname: Any, **options: Any) -> None:
        """Writes it to a file, in the look."""
        with style(self.narrow):
            if isinstance(fname, Path) and options == PLAIN_PNG:
                fname.write_bytes(self._png())
            else:
                super().savefig(fname, **options)

    def _png(self) -> bytes:
        """The same pixels in less time: drawn once, not a first time for the layout alone."""
        canvas, dpi = self.canvas, self.dpi
        try:
            self.dpi = mpl.rcParams["savefig.dpi"]
            drawn: Any = FigureCanvasAgg(self)
            drawn.draw()
            return png(np.asarray(drawn.buffer_rgba()), self.dpi)
        finally:
            self.dpi = dpi
            self.set_canvas(canvas)


def arrow_look(head: float = PAGE.arrow) -> dict[str, Any]:
    """How every arrow is drawn, from its tail to its tip; ``head`` scales its head."""
    return {
        "arrowstyle": "-|>,head_width=0.28,head_length=0.5",
        "mutation_scale": head,
        "color": ARROW_RED,
        "linewidth": 1.3,
        "shrinkA": 0,
        "shrinkB": 0,
        "joinstyle": "miter",
    }


def new_figure(width: float, height: float, below: float = 0.0) -> Figure:
    """An empty figure of a size in inches, bound to no window; its width as `printed_at` says.

    Axes leave a part ``below`` of its height free at the bottom.
    """
    layout = SteadyLayout(rect=(0, below, 1, 1 - below))
    figure = StyledFigure(figsize=(printed_width() or width, height), layout=layout)
    figure.narrow = in_column()
    return figure


def number_steps(ax: Axes, most: int) -> None:
    """Numbers whole steps below the axes, at most so many; in a column as many as have room."""
    room = max(1, int(axes_width(ax) / TICK_ROOM)) if in_column() else most
    left, right = ax.get_xlim()
    least = 1 if in_column() or abs(right - left) <= 1 else 2  # of one step there is one number
    ax.xaxis.set_major_locator(MaxNLocator(min(most, room), integer=True, min_n_ticks=least))


class PlainLog(LogFormatter):
    """Labels of a log scale in plain numbers: no mathematics, which the look does not read."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The number, where Matplotlib would label it; "" elsewhere."""
        return plain(x) if super().__call__(x, pos) else ""


def plain(x: float) -> str:
    """A number as labels of a log scale have it: few zeros, or a power of ten.

    A power of ten that a processor rounds down reads as the power.

    >>> plain(0.00006), plain(1e-5), plain(200.0), plain(1e-7)
    ('0.00006', '0.00001', '200', '1e-7')
    """
    if 0 < float(f"{x:e}") < 1e-5:
        digits, _, power = f"{x:e}".partition("e")
        return f"{float(digits):g}e{int(power)}"
    return np.format_float_positional(x, precision=6, trim="-", unique=True)


def log_scale(ax: Axes) -> None:
    """Makes y a log scale, labelled in plain numbers."""
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(PlainLog())
    ax.yaxis.set_minor_formatter(PlainLog())


def log_errors(errors: Array, values: Array) -> Array:
    """Errors of values on a log scale, which has no zero for a bar to reach.

    >>> log_errors(np.array([0.1, 9.0]), np.array([1.0, 2.0])).tolist()
    [0.1, 1.98]
    """
    return np.asarray(np.minimum(errors, 0.99 * values))


def axes_width(ax: Axes) -> float:
    """Width of the axes in points, before a layout engine moves their edges a little."""
    return float(ax.get_window_extent().width / ax.figure.dpi * POINTS_PER_INCH)


def axes_height(ax: Axes) -> float:
    """Height of the axes in points, before a layout engine moves their edges a little."""
    return float(ax.get_window_extent().height / ax.figure.dpi * POINTS_PER_INCH)


def caption_characters(ax: Axes) -> int:
    """Characters of a caption that fit in a line under the axes."""
    return characters_within(axes_width(ax))


def characters_within(points: float, size: float = CAPTION_SIZE) -> int:
    """Characters of a caption, in a font of ``size`` points, that fit in a line of so many."""
    return max(20, int(points / (size * CHARACTER_WIDTH)))

"""Figure 13 of *Neural Turing Machines* (2014): learning curves, with the gap on a second panel.

Legend: S seeds of one label, P points of a curve.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.ticker import NullFormatter

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.figures.line_styles import LineStyle, line_style
from ntmlab.figures.seeds import (
    Curve,
    Seeds,
    far_apart,
    grouped,
    implied_optimum,
    lower_edge,
    parted,
)
from ntmlab.figures.style import (
    CHARACTER_WIDTH,
    FRAME_GREY,
    PAGE,
    POINTS_PER_INCH,
    TEXT_GREY,
    PlainLog,
    log_scale,
    new_figure,
    style,
    type_for,
)
from ntmlab.figures.width import WIDE, printed_width

THOUSAND: Final = 1000
COST_SPAN: Final = 30.0  # bits above the optimum that the left panel shows, as the paper's does
MARKERS: Final = 8  # a line, so that it is told from others without its colour
NO_GAP: Final = "no gap: the optimum is not known"
SEED_WIDTH: Final = 0.6  # points, of the line of a single seed
SEED_ALPHA: Final = 0.7
MANY: Final = 4  # seeds; of more each line is fainter
BREAK: Final = Path([(-1, -0.5), (1, 0.1), (-1, -0.1), (1, 0.5)], [Path.MOVETO, Path.LINETO] * 2)
ENDS: Final = (0, (18, 9))  # dashes, of the sample of a line that ends: once, in the middle
OUTLINE: Final = 2.8  # points, of the white about a median, which parts it from its seeds
PAGE_WIDTH, LEAST_WIDTH, PANEL_HEIGHT = 9.0, 2.0, 3.7  # inches
BESIDE_LABEL: Final = 6.2  # sizes of type: a line's sample in a legend, and between columns
COLUMN_PANEL, LEGEND_LINE = 2.1, 0.17  # inches, in a column


def curves(
    runs: Sequence[Curve],
    *,
    optimum: float | Sequence[float] | None = None,
    width: float | None = None,
    axes: Sequence[Axes] | None = None,
) -> tuple[Axes, Axes]:
    """Draws cost (left) and gap on a log scale (right) against thousands of sequences.

    The seeds of a label are a line, their median, in a band from the lowest to the highest, where
    all of them have points; each is a thin line as well, as far as it goes. A line ends where other
    weights take the place of a run's own, as it starts again or tries another start. ``optimum`` in
    bits per sequence is the horizontal line, or several, of several tasks; without it, what the
    runs' costs less their gaps come to. A gap of zero or less has no place on a log scale: it is
    drawn at its lower edge, as a white triangle pointing down. Where no gap is a number, the right
    panel says so. Where the costs of the first sequences are cut off, the axis is broken and the
    legend says up to where they go. The legend stands above all, or above the left of the axes that
    are given. Where one label was trained at least five times as long as another, sequences are on
    a log scale. ``width`` is that of a new figure in inches; in a column the gap stands below the
    cost. Without it, it is as `width.printed_at` says.

    Raises InputError without runs, for a run whose arrays are empty or of different lengths, or for
    a width under 2 inches.
    """
    width = width or printed_width() or PAGE_WIDTH
    if not width >= LEAST_WIDTH:
        raise InputError(f"width must be {LEAST_WIDTH:g} inches or more, not {width:g}")
    groups = grouped(runs)
    implied = implied_optimum(runs) if optimum is None else optimum
    best = [] if implied is None else np.unique(implied).tolist()
    with style():
        own = width if axes is None else None
        if axes is None:
            axes = _new_axes(width, len(groups))
        left, right = axes
        edge, far = lower_edge(runs), far_apart(groups)
        for place, seeds in enumerate(groups):
            look, marks = line_style(place), _marks(seeds, (place + 0.5) / len(groups), far)
            _draw_seeds(left, seeds, seeds.bits, [run.bits for run in seeds.runs], look, marks)
            gaps = [np.maximum(run.gap, edge) for run in seeds.runs]
            _draw_seeds(right, seeds, np.maximum(seeds.gap, edge), gaps, look, marks)
            _mark_clipped(right, seeds, edge, look)
        for one in best:
            label = "optimal" if one == best[0] else "_"
            left.axhline(one, color="black", lw=0.9, ls=(0, (1, 1)), label=label, zorder=1)
        if far:
            _log_steps((left, right), min(run.sequences[0] for run in runs))
        _dress(left, right, groups, best, edge, own)
    return left, right


def _new_axes(width: float, lines: int) -> list[Axes]:
    """The panels of a new figure: side by side, or one above the other in a column."""
    if width >= WIDE:
        return list(new_figure(width, PANEL_HEIGHT).subplots(1, 2))
    height = 2 * COLUMN_PANEL + LEGEND_LINE * (lines + 2)
    return list(new_figure(width, height).subplots(2, 1))


def _marks(seeds: Seeds, phase: float, far: bool) -> list[int]:
    """Points with a marker, evenly apart to the eye; those of other labels stand elsewhere."""
    if not len(seeds.sequences):
        return []
    x = np.log(seeds.sequences) if far else seeds.sequences
    wanted = x[0] + (np.arange(MARKERS) + phase) / MARKERS * (x[-1] - x[0])
    return [int(i) for i in np.unique(np.searchsorted(x, wanted).clip(max=len(x) - 1))]


def _log_steps(axes: Sequence[Axes], first: float) -> None:
    """Sequences on a log scale, in plain numbers, from the first that has a point."""
    for ax in axes:
        ax.set_xscale("log")
        ax.set_xlim(left=first / THOUSAND)
        ax.xaxis.set_major_formatter(PlainLog())
        ax.xaxis.set_minor_formatter(NullFormatter())


def _draw_seeds(
    ax: Axes,
    seeds: Seeds,
    values: Array,
    own: Sequence[Array],
    look: LineStyle,
    marks: list[int],
) -> None:
    """The median, the band, and every seed."""
    x, median = parted(seeds.sequences, np.median(values, axis=0), seeds.anew)
    ax.plot(
        x / THOUSAND,
        median,
        color=look.colour,
        linestyle=look.dashes,
        marker=look.marker,
        markevery=[mark + int((seeds.anew <= seeds.sequences[mark]).sum()) for mark in marks],
        label=_label(seeds),
        path_effects=[withStroke(linewidth=OUTLINE, foreground="white")],
        zorder=3,
    )
    if len(seeds.runs) == 1:
        return
    thousands, low, high = seeds.sequences / THOUSAND, values.min(0), values.max(0)
    ax.fill_between(thousands, low, high, color=look.colour, alpha=0.2, lw=0)
    alpha = SEED_ALPHA * min(1.0, MANY / len(seeds.runs))
    for run, run_values in zip(seeds.runs, own, strict=True):
        x, own_values = parted(run.sequences, run_values, run.anew)
        (line,) = ax.plot(x / THOUSAND, own_values, color=look.colour, gid="seed")
        line.set(linewidth=SEED_WIDTH, alpha=alpha)


def _label(seeds: Seeds) -> str:
    return seeds.label if len(seeds.runs) == 1 else f"{seeds.label} ({len(seeds.runs)} seeds)"


def _mark_clipped(ax: Axes, seeds: Seeds, edge: float, look: LineStyle) -> None:
    """White triangles at the lower edge, where a seed's gap is not above zero."""
    x = np.concatenate([run.sequences[np.asarray(run.gap) <= 0] for run in seeds.runs])
    if len(x):
        ax.plot(
            np.unique(x) / THOUSAND,
            np.full(len(np.unique(x)), edge),
            linestyle="none",
            marker="v",
            markerfacecolor="white",
            markeredgecolor=look.colour,
            clip_on=False,
            gid="clipped",
            zorder=5,
        )


def _dress(
    left: Axes,
    right: Axes,
    groups: Sequence[Seeds],
    best: Sequence[float],
    edge: float,
    width: float | None,
) -> None:
    """Labels, limits and legends; ``width`` in inches of a figure of its own."""
    type = type_for(PAGE_WIDTH if width is None else width)
    gap = "gap to the optimum" if type is PAGE else "gap"  # less has no room in a column
    left.set_ylabel("cost (bits per sequence)", fontsize=type.label)
    right.set_ylabel(f"{gap} (bits per sequence)", fontsize=type.label)
    log_scale(right)
    right.set_ylim(bottom=edge)
    for ax in (left, right):
        ax.set_xlabel("sequences (thousands)", fontsize=type.label)
        ax.tick_params(labelsize=type.tick)
        if ax.get_xscale() == "linear":
            ax.set_xlim(left=0)
    if any((np.asarray(run.gap) <= 0).any() for seeds in groups for run in seeds.runs):
        clipped = Line2D([], [], ls="", marker="v", mfc="white", mec=FRAME_GREY)
        right.legend([clipped], ["0 or less"])
    if not best:
        right.set_axis_off()
        right.text(0.5, 0.5, NO_GAP, transform=right.transAxes, ha="center", color=TEXT_GREY)
    cut = _limit_cost(left, groups, best[0], best[-1]) if best else None
    _explain(left, groups, cut, width)


def _explain(ax: Axes, groups: Sequence[Seeds], cut: float | None, width: float | None) -> None:
    """The legend, what bands and ends of lines are, and up to where costs go that are cut off.

    Above the whole of a figure so wide, else above the panel.
    """
    handles, _ = ax.get_legend_handles_labels()
    if any(len(seeds.runs) > 1 for seeds in groups):
        band = Patch(facecolor=FRAME_GREY, alpha=0.3, lw=0, label="band: lowest to highest seed")
        text = "thin: each seed; thick: their median"
        handles += [band, Line2D([], [], color=FRAME_GREY, lw=SEED_WIDTH, label=text)]
    if any(len(run.anew) for seeds in groups for run in seeds.runs):
        text = "a line ends: other weights"
        handles.append(Line2D([], [], color=FRAME_GREY, lw=SEED_WIDTH, ls=ENDS, label=text))
    if cut is not None:
        text = f"cut off: costs go up to {cut:.0f}"
        handles.append(
            Line2D([], [], ls="", marker=BREAK, ms=7, mfc="none", mec=TEXT_GREY, label=text)
        )
    figure = ax.get_figure(root=True)
    assert figure is not None
    if width is None:
        ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        return
    type, longest = type_for(width), max(len(str(handle.get_label())) for handle in handles)
    room = (longest * CHARACTER_WIDTH + BESIDE_LABEL) * type.tick
    columns = max(1, min(3, int(width * POINTS_PER_INCH / room)))
    figure.legend(handles=handles, loc="outside upper left", ncols=columns, fontsize=type.tick)


def _limit_cost(ax: Axes, groups: Sequence[Seeds], least: float, most: float) -> float | None:
    """Cuts the costs of the first sequences off, but never those of a run's second half.

    The highest cost where any is cut off; ``least`` and ``most`` are the optimum's.
    """
    runs = [run for seeds in groups for run in seeds.runs]
    highest = max(float(np.max(run.bits)) for run in runs)
    later = max(float(np.max(run.bits[len(run.bits) // 2 :])) for run in runs)
    top = min(highest, max(most + COST_SPAN, later))
    if np.isfinite(top) and top > least:
        margin = 0.04 * (top - least)
        ax.set_ylim(least - margin, top + margin)
        if highest > top + margin:
            _break_axis(ax)
            return highest
    return None


def _break_axis(ax: Axes) -> None:
    """Two strokes across the axis, where it breaks."""
    for offset in (0.0, 0.025):
        edge = Line2D([-0.015, 0.015], [0.955 + offset, 0.985 + offset], lw=0.8, color=TEXT_GREY)
        edge.set(transform=ax.transAxes, clip_on=False, gid="cut")
        ax.add_artist(edge)

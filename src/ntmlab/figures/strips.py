"""Figure 14: one sequence, and beneath it what each predictor expected, bit by bit."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.evaluation.compare import DIVERGENCE_FLOOR, Comparison
from ntmlab.figures.style import ARROW, RULE, new_figure, style

# Heights in units of a row: the gap under a row, which holds its arrows, and the arrows in it.
GAP = 0.55
ARROW_TIP, ARROW_TAIL = 0.04, 0.50

READABLE_STEPS = 60  # up to so many, single bits are written out and framed

Window = tuple[int, int] | slice | None


def strips(
    comparison: Comparison,
    index: int = 0,
    *,
    window: Window = None,
    arrows: int = 2,
    arrow_models: Sequence[str] | None = None,
    dark_is_one: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draws one sequence of a comparison as aligned grey strips; returns the axes.

    Rows from the top: the input's bits in black and white, then P(next bit = 1) of each predictor
    in the comparison's order, darker for more (``dark_is_one=False`` turns the scale round). Red
    arrows point up at the ``arrows`` steps where each model departs most from the optimum, as
    `Comparison.divergences` defines it, from under the model's row; ``arrow_models`` restricts them
    to some models. ``window`` (start, stop) shows a stretch of steps; in a short one single bits
    are written out. *Neural Turing Machines* (2014), Figure 14.

    Raises InputError if a step has more than one target bit, or for a window outside the sequence.
    """
    rows = strip_rows(comparison, index)
    steps = window_slice(window, len(rows["Input"]))
    marks = arrow_steps(comparison, index, arrows, arrow_models, steps)
    with style():
        if ax is None:
            ax = new_figure(11.0, 0.75 + 0.52 * len(rows)).add_subplot()
        shown = {name: values[steps] for name, values in rows.items()}
        _draw_rows(ax, shown, steps.start, dark_is_one)
        _draw_arrows(ax, list(rows), marks)
        _draw_scale(ax, dark_is_one)
        ax.set_xlabel(f"step\n{caption(comparison, index, bool(arrows))}", color="black")
    return ax


def strip_rows(comparison: Comparison, index: int) -> dict[str, NDArray[np.floating]]:
    """The rows of a figure, top to bottom: the input's bits, then each model's probabilities."""
    if comparison.targets.shape[2] != 1:
        raise InputError(
            f"strips draw one bit a step, but these sequences have {comparison.targets.shape[2]}"
        )
    if not 0 <= index < len(comparison.targets):
        raise InputError(f"there is no sequence {index}, only {len(comparison.targets)} from 0 on")
    rows: dict[str, NDArray[np.floating]] = {"Input": comparison.targets[index, :, 0]}
    rows |= {name: p[index, :, 0] for name, p in comparison.probabilities.items()}
    return rows


def window_slice(window: Window, length: int) -> slice:
    """The steps shown as a slice with start and stop; raises InputError if outside the sequence."""
    if window is None:
        return slice(0, length)
    start, stop = (window.start, window.stop) if isinstance(window, slice) else window
    start, stop = start or 0, length if stop is None else stop
    if not 0 <= start < stop <= length:
        raise InputError(f"window {start}:{stop} does not lie within the sequence's {length} steps")
    return slice(start, stop)


def arrow_steps(
    comparison: Comparison,
    index: int,
    count: int,
    models: Sequence[str] | None,
    steps: slice,
) -> dict[str, list[int]]:
    """The marked steps of each model; none without an optimum, and none for the optimum."""
    if comparison.reference is None or count == 0:
        return {}
    names = comparison.names if models is None else models
    unknown = set(names) - set(comparison.names)
    if unknown:
        raise InputError(f"no predictor {sorted(unknown)[0]!r} in this comparison to mark")
    return {
        name: comparison.divergences(name, index, count, steps)
        for name in names
        if name != comparison.reference
    }


def caption(comparison: Comparison, index: int, marked: bool = True) -> str:
    """What the arrows mean, and what this very sequence cost each predictor in bits."""
    totals = {name: comparison.cost(name)[index].sum() for name in comparison.names}
    optimum = totals.get(comparison.reference or "")
    parts = []
    for name, bits in totals.items():
        gap = "" if optimum is None or name == comparison.reference else f" (+{bits - optimum:.2f})"
        parts.append(f"{name} {bits:.2f}{gap}".replace("(+-", "(-"))
    costs = "cost of this sequence in bits: " + ", ".join(parts)
    if comparison.reference is None:
        return f"no optimal predictor to compare with; {costs}"
    if not marked:
        return costs
    return (
        "arrows: largest KL divergence of the model from the optimum, "
        f"at least {DIVERGENCE_FLOOR:g} bits and not crowded\n{costs}"
    )


def _draw_rows(
    ax: Axes, rows: dict[str, NDArray[np.floating]], first: int, dark_is_one: bool
) -> None:
    length = len(rows["Input"])
    colours = "gray_r" if dark_is_one else "gray"
    for place, (name, values) in enumerate(rows.items()):
        top = place * (1 + GAP)
        ax.imshow(
            values[np.newaxis],
            cmap=colours,
            norm=Normalize(0, 1),
            aspect="auto",
            interpolation="nearest",
            extent=(first - 0.5, first + length - 0.5, top + 1, top),
            label=name,
            zorder=1,
        )
        box = [(first - 0.5, top), (length, 1)]
        ax.add_patch(_frame(*box))
    if length <= READABLE_STEPS:
        _draw_bits(ax, rows["Input"], first, dark_is_one, len(rows))
    places = [place * (1 + GAP) + 0.5 for place in range(len(rows))]
    ax.set_yticks(places, list(rows))
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(first - 0.5, first + length - 0.5)
    ax.set_ylim(len(rows) * (1 + GAP), -0.05)
    ax.spines[["left", "bottom"]].set_visible(False)


def _frame(corner: tuple[float, float], size: tuple[float, float]) -> Rectangle:
    return Rectangle(corner, *size, fill=False, edgecolor=RULE, lw=0.5, zorder=2, clip_on=False)


def _draw_bits(
    ax: Axes, bits: NDArray[np.floating], first: int, dark_is_one: bool, rows: int
) -> None:
    """Writes the input's bits into their cells and frames the cells of every row."""
    for step, bit in enumerate(bits, start=first):
        colour = "white" if bool(bit) == dark_is_one else "black"
        ax.text(step, 0.5, f"{bit:.0f}", ha="center", va="center", color=colour, fontsize=7)
    edges = np.arange(first + 0.5, first + len(bits) - 1)
    for place in range(rows):
        top = place * (1 + GAP)
        ax.vlines(edges, top, top + 1, color=RULE, linewidth=0.3, zorder=2)


def _draw_arrows(ax: Axes, names: list[str], marks: dict[str, list[int]]) -> None:
    for name, steps in marks.items():
        bottom = names.index(name) * (1 + GAP) + 1
        for step in steps:
            ax.annotate(
                "",
                xy=(step, bottom + ARROW_TIP),
                xytext=(step, bottom + ARROW_TAIL),
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": ARROW,
                    "linewidth": 1.4,
                    "shrinkA": 0,
                    "shrinkB": 0,
                    "mutation_scale": 9,
                },
                annotation_clip=False,
                gid=f"arrow-{name}-{step}",
            )


def _draw_scale(ax: Axes, dark_is_one: bool) -> None:
    """The value scale at the right."""
    scale = ScalarMappable(Normalize(0, 1), "gray_r" if dark_is_one else "gray")
    figure = ax.get_figure(root=True)
    assert figure is not None
    bar = figure.colorbar(scale, ax=ax, fraction=0.015, pad=0.01, aspect=14)
    bar.set_label("P(bit = 1)")
    bar.set_ticks([0, 0.5, 1], labels=["0", "½", "1"])
    bar.outline.set_linewidth(0.5)

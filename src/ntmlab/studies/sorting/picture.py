"""Figures 16 and 17 of *Neural Turing Machines* (2014): sorting by priority.

Legend: T time, N slots, K vectors, I inputs, W bits of a vector.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ntmlab.evaluation.bits import Array
from ntmlab.figures.captions import wrapped
from ntmlab.figures.key import INK, draw_key
from ntmlab.figures.line_styles import LINES
from ntmlab.figures.machine import USED
from ntmlab.figures.panels import FAINT
from ntmlab.figures.style import ARROW_RED, FRAME_GREY, new_figure, number_steps, points, style
from ntmlab.figures.width import in_column, in_print
from ntmlab.studies.sorting.measure import PriorityFit

TITLE: Final = 26  # characters of a panel's title in a column
RING: Final = LINES[0].colour  # of what was written most, here and in the fit


def sort_use(
    fit: PriorityFit,
    write_weightings: Array,
    read_weightings: Array,
    *,
    priorities: Array | None = None,
    about: str = "",
    figure: Figure | None = None,
) -> list[Axes]:
    """Draws hypothesised write locations, observed write weightings and read weightings.

    ``write_weightings`` is (K, N) of the steps that show vectors, ``read_weightings`` (A, N) of the
    answer's; black is 1, with a square root between so that faint ones are seen. The hypothesis
    puts each write where the line of ``fit`` has its priority; a ring marks in both panels the slot
    that was written most, on which the line rests. Slots stand in the order of the ring, the
    unused left out, of writes and of reads apart. With ``priorities`` (K,) the fit itself is drawn
    beside them, ``about`` it above.
    """
    ring = write_weightings.shape[1]
    guessed = np.zeros_like(write_weightings)
    guessed[np.arange(len(guessed)), np.rint(fit.predicted).astype(int) % ring] = 1
    peaks = np.eye(ring)[write_weightings.argmax(1)]
    written = shown_slots(fit, np.concatenate([guessed, peaks]))
    read = shown_slots(fit, read_weightings)
    title = f"hypothesised write locations\n(linear in priority, R² = {fit.r_squared:.3f})"
    panels = (
        (title, guessed, written, "step of the input"),
        (
            "observed write weightings\n(rings: the largest)",
            write_weightings,
            written,
            "step of the input",
        ),
        ("read weightings\n(summed over heads)", read_weightings, read, "step of the answer"),
    )
    several = 3 if priorities is None else 4
    with style():
        if figure is None:
            figure = new_figure(2.9 * several, 6.4 if in_print() else 3.6)
        rows = 2 if in_print() else 1
        axes = list(figure.subplots(rows, -(-several // rows)).flat)[:several]
        for ax, (name, values, slots, unit) in zip(axes, panels, strict=False):
            _show(ax, values[:, slots], slots)
            ax.set_title(name, fontsize=points(8))
            ax.set_xlabel(unit)
        for ax in axes[:2]:
            _ring(ax, write_weightings.argmax(1), written)
        axes[0].set_ylabel("slot")
        if priorities is not None:
            sort_fit(priorities, fit, ax=axes[3]).invert_yaxis()  # as slots stand beside it
            title = "\n".join(wrapped(about, TITLE)) if in_print() else about
            axes[3].set_title(title, fontsize=points(7))
    return axes


def shown_slots(fit: PriorityFit, weightings: Array) -> NDArray[np.int64]:
    """Slots along the ring from the first to the last one used, the written ones in the middle."""
    ring = weightings.shape[1]
    turned = (int(np.mean(fit.locations)) - ring // 2 + np.arange(ring)) % ring
    used = np.flatnonzero(weightings[:, turned].max(0) >= USED)
    return np.asarray(turned[used[0] : used[-1] + 1] if len(used) else turned)


def _show(ax: Axes, values: Array, slots: NDArray[np.int64]) -> None:
    """Weightings of some slots over steps, rows numbered by slot."""
    norm = PowerNorm(FAINT, 0, 1)
    shown = ax.imshow(values.T, cmap=INK, norm=norm, aspect="auto", interpolation="nearest")
    draw_key(ax, shown, (0, 0.25, 1))
    number_steps(ax, 8)
    every = -(-len(slots) // 8)
    ax.set_yticks(range(0, len(slots), every), [str(slot) for slot in slots[::every]])
    ax.spines[:].set(visible=True, color=FRAME_GREY, linewidth=0.5)


def _ring(ax: Axes, slots: NDArray[np.int64], shown: NDArray[np.int64]) -> None:
    """A ring about the slot of each step."""
    place = {int(slot): row for row, slot in enumerate(shown)}
    rows = [place[int(slot)] for slot in slots]
    ax.plot(range(len(rows)), rows, "o", ms=6, mfc="none", mec=RING, mew=0.8, gid="written most")


def sort_fit(
    priorities: Array, fit: PriorityFit, *, label: str = "", ax: Axes | None = None
) -> Axes:
    """Draws the slot written against priority, and the line with its R²."""
    with style():
        own = ax is None
        ax = new_figure(4.4, 3.4).add_subplot() if ax is None else ax
        ax.plot(priorities, fit.locations, "o", ms=3, color="#0072b2", label=label or "written")
        ends = np.array([np.min(priorities), np.max(priorities)])
        line = fit.slope * ends + fit.offset
        ax.plot(ends, line, color="black", lw=1, label=f"line, R² = {fit.r_squared:.3f}")
        ax.set_xlabel("priority")
        ax.set_ylabel("slot (along the ring)")
        ax.yaxis.set_major_locator(MaxNLocator(integer=True))
        if own or not in_print():  # where another panel says it
            ax.legend()
    return ax


def wrong_bits(outputs: Array, targets: Array) -> str:
    """How many bits of an answer are wrong."""
    count = int(((np.asarray(outputs) > 0.5) != (np.asarray(targets) > 0.5)).sum())
    return f"{count} of {np.size(targets)} bits wrong" if count else "no wrong bit"


def sort_example(
    inputs: Array,
    targets: Array,
    outputs: Mapping[str, Array] | None = None,
    *,
    figure: Figure | None = None,
) -> list[Axes]:
    """Draws one sequence: vectors with their priorities (left), and the sorted answer (right).

    ``inputs`` is (K, W + 1) with the priority last, ``targets`` (A, W). Under the answer stands
    what each model said, ``outputs`` (A, W) by its name, with a red frame about each wrong bit.
    Returns the axes: priorities, inputs, targets, outputs.
    """
    said = dict(outputs or {})
    vectors, priorities = np.asarray(inputs)[:, :-1], np.asarray(inputs)[:, -1]
    with style():
        if figure is None:
            figure = new_figure(7.5, 2.6 + 1.3 * max(0, len(said) - 1))
        grid = figure.add_gridspec(2, 2, width_ratios=(len(vectors), len(targets)))
        top, left = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        cells = grid[:, 1].subgridspec(1 + max(1, len(said)), 1)
        answers = [figure.add_subplot(cells[i]) for i in range(1 + len(said))]
        top.bar(np.arange(len(priorities)), priorities, color="#404040", width=0.7)
        top.axhline(0, color=FRAME_GREY, lw=0.6)
        top.set(ylabel="priority", ylim=(-1.05, 1.05), xlim=(-0.5, len(vectors) - 0.5))
        top.tick_params(axis="x", length=0, labelbottom=False)
        panels = [(left, vectors, "inputs"), (answers[0], targets, "targets")]
        panels += [(ax, own, "outputs") for ax, own in zip(answers[1:], said.values(), strict=True)]
        for ax, values, name in panels:
            shown = ax.imshow(np.asarray(values).T, cmap=INK, vmin=0, vmax=1, aspect="auto")
            draw_key(ax, shown, (0, 1))
            ax.set_ylabel(name)
            ax.set_yticks([])
            number_steps(ax, 8)
            ax.spines[:].set(visible=True, color=FRAME_GREY, linewidth=0.5)
        for ax, (name, own) in zip(answers[1:], said.items(), strict=True):
            apart = "\n" if in_column() else " "
            title = f"{name}:{apart}{wrong_bits(own, targets)}"
            ax.set_title(title, loc="left", fontsize=points(8))
            _frame_wrong(ax, own, targets)
        left.set_xlabel("input step")
        answers[-1].set_xlabel("answer step")
    return [top, left, *answers]


def _frame_wrong(ax: Axes, outputs: Array, targets: Array) -> None:
    """A red frame about each wrong bit."""
    for step, bit in np.argwhere((np.asarray(outputs) > 0.5) != (np.asarray(targets) > 0.5)):
        frame = Rectangle((step - 0.5, bit - 0.5), 1, 1, gid="wrong", facecolor="none")
        frame.set_path_effects([withStroke(linewidth=2.4, foreground="white")])  # on dark cells
        frame.set(edgecolor=ARROW_RED, linewidth=0.9)
        ax.add_patch(frame)

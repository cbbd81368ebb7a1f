"""Figures 6, 9 and 12 of *Neural Turing Machines* (2014): a machine at work on one sequence.

Legend: T time, I inputs, O outputs, V write heads, R read heads, W slot width, N slots.
Coordinates: x is the step; y the channel, component or slot.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.figures.key import INK, draw_key
from ntmlab.figures.style import FRAME_GREY, new_figure, number_steps, points, style
from ntmlab.figures.width import in_column, on_page

USED: Final = 0.1  # a slot counts as used where a weighting reaches this
INPUT_INCHES: Final = 0.9
VECTOR_INCHES: Final = 1.3
MOST_SLOT_INCHES: Final = 2.6
MOST_IN_COLUMN: Final = 1.6  # where all images together are as high as a page of print
FEW: Final = 2  # heads that have room beside each other in a column


class MachineUse(NamedTuple):
    """What a machine was given, said and did on one sequence."""

    inputs: Array  # (T, I)
    outputs: Array  # (T, O), probabilities of a 1
    adds: Array  # (T, V, W)
    write_weightings: Array  # (T, V, N)
    reads: Array  # (T, R, W)
    read_weightings: Array  # (T, R, N)


class Box(NamedTuple):
    """A frame about some steps of a panel, and rows where not all."""

    panel: str  # the panel's name, less the number of its head
    head: int | None  # None: every head
    steps: tuple[int, int]  # first and last
    rows: tuple[int, int] | None  # slots or components, first and last
    colour: str
    about: str
    dashes: Any = "-"  # by which it is told from others without its colour


def machine(
    use: MachineUse, *, boxes: Sequence[Box] = (), figure: Figure | None = None
) -> dict[str, Axes]:
    """Draws a machine at work; returns the axes by panel.

    Heads stand side by side, a column each. On top inputs and outputs; below them for every write
    head its add vectors (grey 0, black the largest) and weightings (black 1), then for every read
    head its read vectors and weightings; each with the key to its greys. Slots are the used ones,
    where any weighting reaches 0.1, by number; a dotted line stands where some are left out. With
    one head of each kind, writing stands left and reading right, as in the paper. What boxes and
    dotted lines mean is said below all.

    Raises InputError where shapes do not agree or a box names no panel.
    """
    _check(use)
    slots = used(use)
    most = MOST_IN_COLUMN if in_column() else MOST_SLOT_INCHES
    tall = min(most, max(0.9, 0.06 * len(slots)))
    blocks = [_block("write", "add vectors", use.adds, use.write_weightings[:, :, slots])]
    blocks += [_block("read", "read vectors", use.reads, use.read_weightings[:, :, slots])]
    beside = use.adds.shape[1] == use.reads.shape[1] == 1
    with style():
        axes = _arrange(use, blocks, slots, beside, tall, figure)
        for box in boxes:
            _frame(axes, box, slots)
        skipped = bool((np.diff(slots) > 1).any())
        if boxes or skipped:
            _explain(next(iter(axes.values())), boxes, skipped)
    return axes


def used(use: MachineUse) -> np.ndarray:
    """Slots whose weighting reaches 0.1 at some step under some head, by number; else all."""
    every = np.concatenate([use.read_weightings, use.write_weightings], axis=1)
    found = np.flatnonzero((every >= USED).any((0, 1)))
    return found if len(found) else np.arange(every.shape[2])


class _Image(NamedTuple):
    name: str
    values: Array  # (rows, T)
    low: float
    high: float
    unit: str


def _block(kind: str, name: str, vectors: Array, weightings: Array) -> list[list[_Image]]:
    """Two rows of images, a column a head."""
    heads = vectors.shape[1]
    reach = float(np.abs(vectors).max(initial=0.0)) or 1.0

    def number(title: str, head: int) -> str:
        return f"{title} {head + 1}" if heads > 1 else title

    return [
        [
            _Image(number(name, h), vectors[:, h].T, -reach, reach, "component")
            for h in range(heads)
        ],
        [
            _Image(number(f"{kind} weightings", h), weightings[:, h].T, 0, 1, "slot")
            for h in range(heads)
        ],
    ]


def _arrange(
    use: MachineUse,
    blocks: list[list[list[_Image]]],
    slots: np.ndarray,
    beside: bool,
    tall: float,
    figure: Figure | None,
) -> dict[str, Axes]:
    """Lays the images out in a grid: blocks beside each other, or one above the other."""
    top = [
        _Image("inputs", use.inputs.T, min(0.0, float(use.inputs.min())), 1, "channel"),
        _Image("outputs", use.outputs.T, 0, 1, "channel"),
    ]
    columns = 2 if beside else max(len(blocks[0][0]), len(blocks[1][0]))
    if beside:
        rows = [top] + [[*write, *read] for write, read in zip(*blocks, strict=True)]
        heights = [INPUT_INCHES, VECTOR_INCHES, tall]
    else:
        rows = [top, *blocks[0], *blocks[1]]
        heights = [INPUT_INCHES, VECTOR_INCHES, tall, VECTOR_INCHES, tall]
    if figure is None:
        width = min(20.0, max(9.0, 2.7 * columns))
        figure = new_figure(width, sum(heights) + 0.45 * len(heights))
    grid = figure.add_gridspec(len(rows), columns * 2, height_ratios=heights)
    axes: dict[str, Axes] = {}
    for number, row in enumerate(rows):
        span = columns * 2 // len(row) if number == 0 else 2
        for place, image in enumerate(row):
            cell = grid[number, place * span : (place + 1) * span]
            axes[image.name] = figure.add_subplot(cell)
            own = place == 0 or beside or number == 0
            _show(axes[image.name], image, slots, first=own)
            if in_column() and len(row) > FEW:
                _crowd(axes[image.name], image, first=place == 0, last=place == len(row) - 1)
            if number == len(rows) - 1:
                axes[image.name].set_xlabel("step", fontsize=points(8))
    return axes


def _show(ax: Axes, image: _Image, slots: np.ndarray, *, first: bool) -> None:
    shown = ax.imshow(
        image.values,
        cmap=INK,
        vmin=image.low,
        vmax=image.high,
        aspect="auto",
        interpolation="nearest",
    )
    ax.set_label(image.name)
    ax.set_title(image.name, loc="left", fontsize=7, pad=2)
    draw_key(ax, shown, (image.low, (image.low + image.high) / 2, image.high), size=5.5)
    number_steps(ax, 8)
    ax.tick_params(length=2, labelsize=6)
    ax.spines[:].set(visible=True, color=FRAME_GREY, linewidth=0.5)
    if first:
        ax.set_ylabel(image.unit, fontsize=7)
    if image.unit == "slot":
        rows = _numbered(slots)
        ax.set_yticks(rows, [str(slots[row]) for row in rows])
        for gap in np.flatnonzero(np.diff(slots) > 1):
            ax.axhline(gap + 0.5, color=FRAME_GREY, linewidth=0.8, linestyle=":", gid="left out")
    else:
        ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))


def _numbered(slots: np.ndarray) -> list[int]:
    """Rows that have their slot's number: about eight, and each after slots that were left out,
    since no neighbour tells its number; not one too near another.
    """
    every = -(-len(slots) // 8)
    after = [int(row) for row in np.flatnonzero(np.diff(slots) > 1) + 1]
    rows: list[int] = []
    for row in [0, *after, *range(0, len(slots), every)]:
        if all(2 * abs(row - other) >= every for other in rows):
            rows.append(row)
    return sorted(rows)


def _crowd(ax: Axes, image: _Image, *, first: bool, last: bool) -> None:
    """Heads beside each other in a column: their name and slots stand once, and so does the key."""
    name, _, number = image.name.rpartition(" ")
    ax.set_title(number, loc="left", fontsize=points(7), pad=2)
    if first:
        ax.set_ylabel(f"{name}, {image.unit}", fontsize=points(7))
    else:
        ax.tick_params(axis="y", labelleft=False)
    if not last:
        ax.child_axes[0].remove()


def _frame(axes: dict[str, Axes], box: Box, slots: np.ndarray) -> None:
    """Draws a box in its panels; rows of slots that are not shown are left out."""
    name = box.panel if box.head is None else f"{box.panel} {box.head + 1}"
    several = [key for key in axes if key == name or key.rpartition(" ")[0] == name]
    if not several and box.head == 0 and box.panel in axes:
        several = [box.panel]
    if not several:
        raise InputError(f"there is no panel {name!r} to frame; there are {', '.join(axes)}")
    for key in several:
        ax = axes[key]
        low, high = sorted(ax.get_ylim())
        if box.rows is not None:
            rows = np.asarray(box.rows, dtype=np.float64)
            if "weightings" in key:
                rows = np.flatnonzero((slots >= box.rows[0]) & (slots <= box.rows[1])).astype(float)
                if not len(rows):
                    continue
            low, high = rows.min() - 0.5, rows.max() + 0.5
        corner = (box.steps[0] - 0.5, low)
        size = (box.steps[1] - box.steps[0] + 1, high - low)
        frame = Rectangle(corner, *size, gid=f"box/{box.about}", clip_on=False, zorder=5)
        wide = 0.7 if in_column() else 1.3
        frame.set(facecolor="none", edgecolor=box.colour, linewidth=wide, linestyle=box.dashes)
        casing = Rectangle(corner, *size, gid="casing", clip_on=False, zorder=4)
        casing.set(facecolor="none", edgecolor="white", linewidth=wide)  # dashes show on dark cells
        ax.add_patch(casing)
        ax.add_patch(frame)


def _explain(ax: Axes, boxes: Sequence[Box], skipped: bool) -> None:
    """What the looks of boxes mean, and dotted lines, below the whole figure."""
    meanings: dict[tuple[str, Any], dict[str, None]] = {}
    for box in boxes:
        meanings.setdefault((box.colour, box.dashes), {})[box.about] = None
    handles: list[Artist] = [
        Patch(fc="none", ec=colour, ls=dashes, label=", ".join(abouts))
        for (colour, dashes), abouts in meanings.items()
    ]
    if skipped:
        text = "slots that no head uses are left out"
        handles.append(Line2D([], [], color=FRAME_GREY, lw=0.8, ls=":", label=text))
    figure = ax.get_figure(root=True)
    assert figure is not None
    look = {"ncols": 1 if in_column() else 2 if on_page() else len(handles), "fontsize": 7}
    figure.legend(handles=handles, loc="outside lower center", **look)


def _check(use: MachineUse) -> None:
    """Raises InputError unless all parts are of one sequence, memory and number of heads."""
    ranks = [np.ndim(part) for part in use]
    sizes = [np.shape(part) for part in use]
    fits = ranks == [2, 2, 3, 3, 3, 3] and len({size[0] for size in sizes}) == 1
    if fits:
        _, _, adds, writes, reads, weightings = sizes
        fits = adds[1:] == (writes[1], reads[2]) and reads[1] == weightings[1]
        fits = fits and writes[2] == weightings[2] and sizes[0][0] > 0
    if not fits:
        names = ", ".join(f"{n} {s}" for n, s in zip(MachineUse._fields, sizes, strict=True))
        raise InputError(
            "the use of a machine has inputs (T, I), outputs (T, O), adds (T, V, W), write "
            f"weightings (T, V, N), reads (T, R, W) and read weightings (T, R, N), not {names}"
        )

"""The strips in a terminal."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ntmlab.evaluation.compare import Comparison
from ntmlab.figures.strips import Window, arrow_steps, caption, strip_rows, window_slice

SHADES = " ░▒▓█"
RED, RESET = "\x1b[31m", "\x1b[0m"
LEAST_STEPS = 10  # a line, however narrow the terminal


def strips_text(
    comparison: Comparison,
    index: int = 0,
    *,
    window: Window = None,
    arrows: int = 2,
    arrow_models: Sequence[str] | None = None,
    dark_is_one: bool = True,
    width: int = 80,
    colour: bool = True,
) -> str:
    """The rows of `strips` as text, one character a bit, wrapped to a width in characters.

    With ``colour``, cells have a grey background of 24 levels; without, five shade characters.
    A red ▲ under a row marks a step where the model departs.
    """
    rows = strip_rows(comparison, index)
    steps = window_slice(window, len(rows["Input"]))
    marks = arrow_steps(comparison, index, arrows, arrow_models, steps)
    label = max(map(len, rows)) + 1
    fit = max(width - label, LEAST_STEPS)
    lines = []
    for start in range(steps.start, steps.stop, fit):
        stop = min(start + fit, steps.stop)
        lines.append(f"{'step':<{label}}{start}")
        for name, values in rows.items():
            cells = _cells(values[start:stop], dark_is_one, colour)
            lines.append(f"{name:<{label}}{cells}")
            marked = [step for step in marks.get(name, []) if start <= step < stop]
            if marked:
                lines.append(" " * label + _arrows(marked, start, colour))
        lines.append("")
    return "\n".join([*lines, caption(comparison, index, bool(arrows))])


def _cells(values: NDArray[np.floating], dark_is_one: bool, colour: bool) -> str:
    ink = values if dark_is_one else 1 - values
    if not colour:
        return "".join(SHADES[round(float(v) * (len(SHADES) - 1))] for v in ink)
    greys = [255 - round(float(v) * 23) for v in ink]  # 232 is nearly black, 255 nearly white
    return "".join(f"\x1b[48;5;{grey}m " for grey in greys) + RESET


def _arrows(steps: list[int], start: int, colour: bool) -> str:
    line = [" "] * (max(steps) - start + 1)
    for step in steps:
        line[step - start] = f"{RED}▲{RESET}" if colour else "▲"
    return "".join(line)

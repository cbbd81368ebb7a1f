"""The strips in a terminal."""

import shutil
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ntmlab.evaluation.compare import Comparison
from ntmlab.figures.captions import wrapped
from ntmlab.figures.rows import Row, Window, arrange

SHADES: Final = " ░▒▓█"
ARROW: Final = "▲"
RED, RESET = "\x1b[1;31m", "\x1b[0m"
LEAST_STEPS: Final = 10  # a line, however narrow the terminal
TICK_EVERY: Final = 10  # steps

# The greys of a terminal of 256 colours, from black to white.
GREYS: Final = (16, *range(232, 256), 231)


def strips_text(
    comparison: Comparison,
    index: int = 0,
    *,
    window: Window = None,
    arrows: int = 2,
    arrow_models: Sequence[str] | None = None,
    dark_is_one: bool = True,
    about: str = "",
    width: int | None = None,
    colour: bool = True,
) -> str:
    """The rows of `ntmlab.figures.strips` as text, one character a step.

    Lines are wrapped to ``width`` characters, by default the terminal's, but hold ten steps at
    least. With ``colour`` the cells have one of 26 greys behind them, and the input its digits;
    without, there are five shades of ink. A ▲ on the line beneath a row, red with ``colour``, marks
    a step where the model departs. Raises InputError as `strips` does.
    """
    shown = arrange(comparison, index, window, arrows, arrow_models, about)
    width = shutil.get_terminal_size().columns if width is None else width
    label = 1 + max(len(row.label) for row in shown.rows)
    fit = max(LEAST_STEPS, width - label)
    lines: list[str] = []
    for start in range(0, len(shown.steps), fit):
        steps = shown.steps[start : start + fit]
        lines.append((" " * label + _ticks(steps)).rstrip())
        for place, row in enumerate(shown.rows):
            values = row.values[start : start + fit]
            ink = [float(value if dark_is_one else 1 - value) for value in values]
            digits = [f"{value:.0f}" for value in values] if place == 0 else None
            lines.append(row.label.ljust(label) + (_greys(ink, digits) if colour else _shades(ink)))
            lines += _arrows(row, steps, label, colour)
        lines.append("")
    for sentence in [_scale(dark_is_one, colour), *shown.caption]:
        lines += wrapped(sentence, max(width, LEAST_STEPS))
    return "\n".join(lines)


def _ticks(steps: range) -> str:
    """Numbers of the steps, each above the character of its step."""
    text = ""
    for place, step in enumerate(steps):
        if step % TICK_EVERY == 0 and len(text) <= place:
            text = text.ljust(place) + str(step)
            text += " "
    return text


def _shades(ink: Sequence[float]) -> str:
    return "".join(SHADES[round(value * (len(SHADES) - 1))] for value in ink)


def _greys(ink: Sequence[float], digits: Sequence[str] | None) -> str:
    """Cells on grey, with digits in black or white where there are any."""
    text = ""
    for dark, run in groupby(range(len(ink)), key=lambda place: ink[place]):
        back = GREYS[round((1 - dark) * (len(GREYS) - 1))]
        if digits is None:
            text += f"\x1b[48;5;{back}m" + " " * len(list(run))
        else:
            front = GREYS[-1] if dark > 0.5 else GREYS[0]
            text += f"\x1b[48;5;{back};38;5;{front}m" + "".join(digits[place] for place in run)
    return text + RESET


def _arrows(row: Row, steps: range, label: int, colour: bool) -> list[str]:
    """The line of arrows beneath a row, if it has any among these steps."""
    here = {step - steps.start for step in row.arrows if step in steps}
    if not here:
        return []
    arrow = f"{RED}{ARROW}{RESET}" if colour else ARROW
    return [" " * label + "".join(arrow if i in here else " " for i in range(max(here) + 1))]


def _scale(dark_is_one: bool, colour: bool) -> str:
    """What the greys mean."""
    if colour:
        return f"P(next bit = 1): the {'darker' if dark_is_one else 'lighter'}, the higher."
    ends = (0, 1) if dark_is_one else (1, 0)
    return f"P(next bit = 1): {ends[0]} '{SHADES}' {ends[1]}."

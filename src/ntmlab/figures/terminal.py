"""The strips in a terminal."""

import shutil
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.compare import Comparison
from ntmlab.figures.captions import wrapped
from ntmlab.figures.lines import MEANINGS, input_key, input_lines, line_names
from ntmlab.figures.rows import Strips, Window, arrange
from ntmlab.letters import SIGNS, write_letters

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
    rows: str | None = None,
    width: int | None = None,
    colour: bool = True,
) -> str:
    """The rows of `ntmlab.figures.strips` as text, one character a step.

    Lines are wrapped to ``width`` characters, by default the terminal's, but hold ten steps at
    least. With ``colour`` the cells have one of 26 greys behind them, and the input its symbols;
    without, there are five shades of ink, and letters where there are more than two. A ▲ on the
    line beneath a row, red with ``colour``, marks a step where the model departs. Raises InputError
    as `strips` does.
    """
    shown = arrange(comparison, index, window, arrows, arrow_models, about, rows)
    width = shutil.get_terminal_size().columns if width is None else width
    lines = _lines(shown)
    label = 1 + max(len(line.label) for line in lines)
    fit = max(LEAST_STEPS, width - label)
    text: list[str] = []
    for start in range(0, len(shown.steps), fit):
        steps, part = shown.steps[start : start + fit], slice(start, start + fit)
        text.append((" " * label + _ticks(steps)).rstrip())
        for line in lines:
            ink = [float(v if dark_is_one else 1 - v) for v in line.values[part]]
            signs = line.signs[part] if line.signs and (colour or shown.letters > 2) else None
            cells = _greys(ink, signs) if colour else _shades(ink) if signs is None else signs
            text.append(line.label.ljust(label) + cells)
            text += _arrows(line.arrows, steps, label, colour)
        text.append("")
    key = input_key(shown.show, shown.letters, dark_is_one) if colour else []
    for sentence in [_scale(MEANINGS[shown.show], dark_is_one, colour), *key, *shown.caption]:
        text += wrapped(sentence, max(width, LEAST_STEPS))
    return "\n".join(text)


class _Line(NamedTuple):
    """A line of cells, and the arrows beneath it."""

    label: str
    values: Array  # (n,)
    arrows: Collection[int]
    signs: str  # the symbols themselves, one character each; "" where they are not written


def _lines(shown: Strips) -> list[_Line]:
    """The input in one line, then each predictor in one, or in one a letter."""
    names = line_names(shown.show, shown.letters)
    short = shown.letters <= len(SIGNS)
    signs = write_letters(shown.symbols, shown.letters) if short else ""
    head = input_lines("symbol", shown.symbols, shown.letters)
    lines = [_Line("Input", head[0], (), signs)]
    for row in shown.rows[1:]:
        for name, values in zip(names or [""], row.values, strict=True):
            lines.append(_Line(f"{row.label} {name}".rstrip(), values, (), ""))
        lines[-1] = lines[-1]._replace(arrows=row.arrows)
    return lines


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


def _greys(ink: Sequence[float], signs: str | None) -> str:
    """Cells on grey, with symbols in black or white where there are any."""
    text = ""
    for dark, run in groupby(range(len(ink)), key=lambda place: ink[place]):
        back = GREYS[round((1 - dark) * (len(GREYS) - 1))]
        if signs is None:
            text += f"\x1b[48;5;{back}m" + " " * len(list(run))
        else:
            front = GREYS[-1] if dark > 0.5 else GREYS[0]
            text += f"\x1b[48;5;{back};38;5;{front}m" + "".join(signs[place] for place in run)
    return text + RESET


def _arrows(marked: Collection[int], steps: range, label: int, colour: bool) -> list[str]:
    """The line of arrows beneath a row, if it has any among these steps."""
    here = {step - steps.start for step in marked if step in steps}
    if not here:
        return []
    arrow = f"{RED}{ARROW}{RESET}" if colour else ARROW
    return [" " * label + "".join(arrow if i in here else " " for i in range(max(here) + 1))]


def _scale(meaning: str, dark_is_one: bool, colour: bool) -> str:
    """What the greys mean."""
    if colour:
        return f"{meaning}: the {'darker' if dark_is_one else 'lighter'}, the higher."
    ends = (0, 1) if dark_is_one else (1, 0)
    return f"{meaning}: {ends[0]} '{SHADES}' {ends[1]}."

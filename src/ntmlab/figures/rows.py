"""What the strips show, before anything is drawn: rows, arrows and caption of one sequence.

Legend: B batch, T time, O target channels, n shown steps, k letters.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError, unknown_name
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.compare import Comparison
from ntmlab.figures.captions import Marks, caption
from ntmlab.figures.lines import chosen_rows, input_lines, predicted_lines
from ntmlab.outputs import Letters
from ntmlab.sequences import symbols_of

CLOSE_UP_STEPS: Final = 36  # wide enough on a page that single bits are read

Window = tuple[int, int] | slice | None


class Row(NamedTuple):
    """One strip: the input's symbols, or what a predictor gave to them; `lines` says which."""

    label: str
    values: Array  # (1, n), or (k, n) with a line a letter, in [0, 1]
    arrows: Mapping[int, float]  # the steps to mark from under the row, and the bits lost there
    difference: Array | None = None  # from the optimum, as values; in [-1, 1]


class Strips(NamedTuple):
    """The rows from top to bottom, the input first, and the sentences beneath them."""

    steps: range  # the steps shown
    symbols: Letters  # (n,)
    letters: int
    show: str  # what the strips show: a key of `MEANINGS`
    rows: list[Row]
    caption: list[str]
    reference: str | None  # what differences are from
    reach: float  # the largest difference, rounded up; the greys of differences end there


def arrange(
    comparison: Comparison,
    index: int,
    window: Window,
    arrows: int,
    arrow_models: Sequence[str] | None,
    about: str = "",
    rows: str | None = None,
    *,
    differences: bool = False,
) -> Strips:
    """The rows, arrows and caption of one sequence; `ntmlab.figures.strips` says what they mean."""
    one, letters = one_sequence(comparison, index)
    show = chosen_rows(rows, letters)
    steps = shown_steps(window, one.targets.shape[1])
    marks = marked_steps(one, steps, arrows, arrow_models)
    shown = slice(steps.start, steps.stop)
    symbols = symbols_of(one.targets[0, shown], letters)
    strips = [Row("Input", input_lines(show, symbols, letters), {})]
    for name, probabilities in one.probabilities.items():
        distribution = one.outputs.distribution(probabilities[0, shown])
        values = predicted_lines(show, distribution, symbols)
        strips.append(Row(name, values, marks.get(name, {})))
    if differences:
        strips = _with_differences(one, strips)
    words = caption(one, steps, arrows, marks, about)
    return Strips(steps, symbols, letters, show, strips, words, one.reference, _reach(strips))


def _with_differences(one: Comparison, strips: list[Row]) -> list[Row]:
    """The rows, those of models with their differences from the optimum."""
    if one.reference is None:
        raise InputError("there is no optimal predictor in this comparison to differ from")
    best = next(row.values for row in strips if row.label == one.reference)
    models = [name for name in one.names if name != one.reference]
    return [
        row._replace(difference=row.values - best) if row.label in models else row for row in strips
    ]


def _reach(strips: Sequence[Row]) -> float:
    """The largest difference, rounded up to one digit; 1 without any.

    >>> _reach([Row("A", np.zeros((1, 2)), {}, np.array([[0.1, -0.23]]))])
    0.3
    """
    every = [row.difference for row in strips if row.difference is not None]
    most = max((float(np.abs(own).max(initial=0.0)) for own in every), default=0.0)
    if most == 0.0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(most))
    return round(math.ceil(round(most / unit, 6)) * unit, 12)


def broken(shown: Strips, columns: int) -> list[Strips]:
    """The lines of strips that are broken after every so many steps, with no caption."""
    starts = range(shown.steps.start, shown.steps.stop, columns)
    return [_part(shown, range(at, min(at + columns, shown.steps.stop))) for at in starts]


def enlarged(shown: Strips, size: int = CLOSE_UP_STEPS) -> Strips | None:
    """The ``size`` steps about the arrows, with no caption.

    None without arrows, or where fewer than twice as many steps are shown: those can be read as
    they are. Among the stretches that hold the largest departure, one with the most arrows; of
    several, that whose arrows stand nearest to its middle.
    """
    marks = [(bits, step) for row in shown.rows for step, bits in row.arrows.items()]
    if not marks or len(shown.steps) < 2 * size:
        return None
    largest = max(marks, key=lambda mark: (mark[0], -mark[1]))[1]
    first, last = max(shown.steps.start, largest - size + 1), min(largest, shown.steps.stop - size)

    def worth(start: int) -> tuple[int, float]:
        inside = [step for _, step in marks if step in range(start, start + size)]
        return len(inside), -abs(start + (size - 1) / 2 - (min(inside) + max(inside)) / 2)

    start = max(range(first, last + 1), key=worth)
    return _part(shown, range(start, start + size))


def _part(shown: Strips, steps: range) -> Strips:
    inside = slice(steps.start - shown.steps.start, steps.stop - shown.steps.start)
    rows = [
        Row(
            row.label,
            row.values[:, inside],
            {t: b for t, b in row.arrows.items() if t in steps},
            None if row.difference is None else row.difference[:, inside],
        )
        for row in shown.rows
    ]
    return shown._replace(steps=steps, symbols=shown.symbols[inside], rows=rows, caption=[])


def strip_arrays(
    comparison: Comparison,
    index: int = 0,
    *,
    window: Window = None,
    arrows: int = 2,
    arrow_models: Sequence[str] | None = None,
) -> dict[str, NDArray[np.generic]]:
    """The arrays behind `strips`, to be saved beside the picture.

    ``steps`` and ``bits`` (n,), or ``symbols`` where there are more letters; for each predictor P
    of a 1 (n,), or of each letter (n, k), as ``predictions/<name>``, the steps of its arrows as
    ``arrows/<name>`` and the bits lost at each as ``departures/<name>``. Raises InputError as
    `strips` does.
    """
    shown = arrange(comparison, index, window, arrows, arrow_models)
    inside = slice(shown.steps.start, shown.steps.stop)
    two = shown.letters == 2
    arrays: dict[str, NDArray[np.generic]] = {"steps": np.array(shown.steps)}
    arrays["bits" if two else "symbols"] = shown.symbols.astype(np.float64 if two else np.int64)
    for row in shown.rows[1:]:
        said = comparison.probabilities[row.label][index, inside]
        arrays[f"predictions/{row.label}"] = said[:, 0] if two else said
        arrays[f"arrows/{row.label}"] = np.array(list(row.arrows), dtype=np.int64)
        arrays[f"departures/{row.label}"] = np.array(list(row.arrows.values()), dtype=np.float64)
    return arrays


def one_sequence(comparison: Comparison, index: int) -> tuple[Comparison, int]:
    """The comparison on one sequence alone, and the number of letters.

    Raises InputError where strips cannot show it.
    """
    count, _, channels = comparison.targets.shape
    letters = comparison.outputs.letters
    if letters is None or channels != comparison.outputs.channels:
        raise InputError(
            f"strips draw one symbol a step, but these sequences have {channels} bits a step"
        )
    if not 0 <= index < count:
        raise InputError(f"there is no sequence {index}; index must be from 0 to {count - 1}")
    row = slice(index, index + 1)
    one = dataclasses.replace(
        comparison,
        inputs=comparison.inputs[row],
        targets=comparison.targets[row],
        mask=comparison.mask[row],
        probabilities={name: p[row] for name, p in comparison.probabilities.items()},
    )
    return one, letters


def shown_steps(window: Window, length: int) -> range:
    """The steps of a window, all without one; raises InputError if it leaves the sequence."""
    start, stop, stride = 0, length, None
    if isinstance(window, slice):
        stride = window.step
        start = 0 if window.start is None else window.start
        stop = length if window.stop is None else window.stop
    elif window is not None:
        start, stop = window
    if stride not in (None, 1) or not 0 <= start < stop <= length:
        raise InputError(
            f"window {start}:{stop} does not lie within the sequence's {length} steps; "
            f"give a start and a later stop, from 0 to {length}"
        )
    return range(start, stop)


def marked_steps(
    one: Comparison, steps: range, arrows: int, arrow_models: Sequence[str] | None
) -> Marks:
    """The steps to mark for each model that may have arrows; empty without an optimum."""
    if arrows < 0:
        raise InputError(f"arrows must not be negative, not {arrows}")
    reachable = [name for name in one.names if name not in one.unreachable]
    names = reachable if arrow_models is None else list(arrow_models)
    for name in names:
        if name not in one.probabilities:
            raise unknown_name("model", name, one.names)
    if one.reference is None or arrows == 0:
        return {}
    return {name: _departures(one, name, steps, arrows) for name in names if name != one.reference}


def _departures(one: Comparison, name: str, steps: range, arrows: int) -> dict[int, float]:
    bits = one.divergence(name)[0]
    found = one.divergences(name, 0, arrows, slice(steps.start, steps.stop))
    return {step: float(bits[step]) for step in found}

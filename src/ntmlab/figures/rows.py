"""What the strips show, before anything is drawn: rows, arrows and caption of one sequence.

Legend: B batch, T time, O target bits a step.
"""

import dataclasses
import math
import textwrap
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError, unknown_name
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.compare import DIVERGENCE_FLOOR, DIVERGENCE_SPACING, Comparison

BETWEEN_COSTS: Final = " · "
UNBROKEN: Final = "\u00a0"  # a space that no line ends at

Window = tuple[int, int] | slice | None


class Row(NamedTuple):
    """One strip: the input's bits, or what a predictor gave as P(next bit = 1)."""

    label: str
    values: Array  # (shown steps,) in [0, 1]
    arrows: list[int]  # steps to mark from under the row


class Strips(NamedTuple):
    """The rows from top to bottom, the input first, and the sentences beneath them."""

    steps: range  # the steps shown
    rows: list[Row]
    caption: list[str]


def arrange(
    comparison: Comparison,
    index: int,
    window: Window,
    arrows: int,
    arrow_models: Sequence[str] | None,
) -> Strips:
    """The rows, arrows and caption of one sequence; `ntmlab.figures.strips` says what they mean."""
    one = one_sequence(comparison, index)
    steps = shown_steps(window, one.targets.shape[1])
    marks = marked_steps(one, steps, arrows, arrow_models)
    shown = slice(steps.start, steps.stop)
    rows = [Row("Input", one.targets[0, shown, 0].astype(np.float64), [])]
    for name, probabilities in one.probabilities.items():
        rows.append(Row(name, probabilities[0, shown, 0], marks.get(name, [])))
    return Strips(steps, rows, caption(one, steps, arrows, marks))


def strip_arrays(
    comparison: Comparison,
    index: int = 0,
    *,
    window: Window = None,
    arrows: int = 2,
    arrow_models: Sequence[str] | None = None,
) -> dict[str, NDArray[np.generic]]:
    """The arrays behind `strips`, to be saved beside the picture.

    ``steps`` and ``bits`` (shown steps,); for each predictor its probabilities (shown steps,) as
    ``predictions/<name>`` and the steps of its arrows as ``arrows/<name>``. Raises InputError as
    `strips` does.
    """
    shown = arrange(comparison, index, window, arrows, arrow_models)
    head, *models = shown.rows
    arrays: dict[str, NDArray[np.generic]] = {"steps": np.array(shown.steps), "bits": head.values}
    for row in models:
        arrays[f"predictions/{row.label}"] = row.values
        arrays[f"arrows/{row.label}"] = np.array(row.arrows, dtype=np.int64)
    return arrays


def one_sequence(comparison: Comparison, index: int) -> Comparison:
    """The comparison on one sequence alone; raises InputError where strips cannot show it."""
    count, _, bits = comparison.targets.shape
    if bits != 1:
        raise InputError(f"strips draw one bit a step, but these sequences have {bits} bits a step")
    if not 0 <= index < count:
        raise InputError(f"there is no sequence {index}; index must be from 0 to {count - 1}")
    row = slice(index, index + 1)
    return dataclasses.replace(
        comparison,
        inputs=comparison.inputs[row],
        targets=comparison.targets[row],
        mask=comparison.mask[row],
        probabilities={name: p[row] for name, p in comparison.probabilities.items()},
    )


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
) -> dict[str, list[int]]:
    """The steps to mark for each model that may have arrows; empty without an optimum."""
    if arrows < 0:
        raise InputError(f"arrows must not be negative, not {arrows}")
    names = one.names if arrow_models is None else arrow_models
    for name in names:
        if name not in one.probabilities:
            raise unknown_name("model", name, one.names)
    if one.reference is None or arrows == 0:
        return {}
    window = slice(steps.start, steps.stop)
    models = [name for name in names if name != one.reference]
    return {name: one.divergences(name, 0, arrows, window) for name in models}


def caption(one: Comparison, steps: range, arrows: int, marks: dict[str, list[int]]) -> list[str]:
    """The sentences beneath the strips: the rule of the arrows, and what the sequence cost."""
    length = one.targets.shape[1]
    part = f"Steps {steps.start} to {steps.stop - 1} of {length}. " if len(steps) < length else ""
    return [part + arrow_rule(one, steps, arrows, marks), costs(one)]


def arrow_rule(one: Comparison, steps: range, arrows: int, marks: dict[str, list[int]]) -> str:
    """Which steps have an arrow, in a sentence."""
    if one.reference is None:
        return "No arrows: there is no optimal predictor in this comparison."
    if not marks:
        return "No arrows were asked for."
    if not any(marks.values()):
        return f"No arrows: no marked model departs by {DIVERGENCE_FLOOR:g} bits at any step."
    spacing = math.ceil(len(steps) * DIVERGENCE_SPACING)
    apart = f" and {spacing} steps apart" if arrows > 1 and spacing > 1 else ""
    return (
        f"Red arrows: up to {arrows} {'step' if arrows == 1 else 'steps'} a model where it departs "
        f"most from {one.reference}, by KL({one.reference} ‖ model), "
        f"at least {DIVERGENCE_FLOOR:g} bits{apart}."
    )


def costs(one: Comparison) -> str:
    """What the whole sequence cost each predictor, and by how much that is above the optimum."""
    bits = {name: float(one.cost(name).sum()) for name in one.names}
    best = None if one.reference is None else bits[one.reference]
    parts = []
    for name, cost in bits.items():
        gap = "" if best is None or name == one.reference else f" ({cost - best:+.2f})"
        parts.append(f"{name} {cost:.2f}{gap}")
    above = "" if best is None else f" (and above {one.reference})"
    return f"Cost of the whole sequence in bits{above}: {BETWEEN_COSTS.join(parts)}."


def wrapped(sentence: str, characters: int) -> list[str]:
    """A sentence in lines of at most so many characters, if it can be, that keep costs whole."""
    first, *rest = sentence.split(BETWEEN_COSTS)
    whole = BETWEEN_COSTS.join([first, *(part.replace(" ", UNBROKEN) for part in rest)])
    return [line.replace(UNBROKEN, " ") for line in textwrap.wrap(whole, characters)]

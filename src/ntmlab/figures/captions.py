"""The sentences beneath the strips: the rule of the arrows with their sizes, and the costs."""

import math
import textwrap
from collections.abc import Mapping
from typing import Final

from ntmlab.evaluation.compare import DIVERGENCE_FLOOR, DIVERGENCE_SPACING, Comparison

BETWEEN_PARTS: Final = " · "
UNBROKEN: Final = "\u00a0"  # a space that no line ends at
LEAST_SIZE: Final = 0.001  # bits; smaller ones are not written out

Marks = Mapping[str, Mapping[int, float]]  # by model, the marked steps and the bits there


def caption(one: Comparison, steps: range, arrows: int, marks: Marks, about: str) -> list[str]:
    """The sentences about one sequence, of which ``steps`` are shown: ``about`` it, the rule of the
    arrows, their sizes, and what the whole sequence cost.
    """
    length = one.targets.shape[1]
    part = f"Steps {steps.start} to {steps.stop - 1} of {length}. " if len(steps) < length else ""
    rule = part + arrow_rule(one, steps, arrows, marks)
    found = [sizes(marks)] if any(marks.values()) else []
    return [*([about] if about else []), rule, *found, costs(one)]


def arrow_rule(one: Comparison, steps: range, arrows: int, marks: Marks) -> str:
    """Which steps have an arrow, in a sentence."""
    if one.reference is None:
        return "No arrows: there is no optimal predictor in this comparison."
    if arrows == 0 or not marks:
        beside = "were asked for" if arrows == 0 else f"stand where only {one.reference} is shown"
        return f"No arrows {beside}."
    if not any(marks.values()):
        return (
            f"No arrows: no marked model departs from {one.reference} "
            f"by {DIVERGENCE_FLOOR:.5f} bits at any step."
        )
    spacing = math.ceil(len(steps) * DIVERGENCE_SPACING)
    apart = f", at least {spacing} steps apart" if arrows > 1 and spacing > 1 else ""
    return (
        f"Red arrows: the {'step' if arrows == 1 else f'{arrows} steps'} a model where it departs "
        f"most from {one.reference}, by KL({one.reference}{UNBROKEN}‖{UNBROKEN}model){apart}."
    )


def sizes(marks: Marks) -> str:
    """How large the marked departures are."""
    parts = []
    for name, found in marks.items():
        each = [f"{in_bits(bits)} at step {step}" for step, bits in found.items()]
        parts.append(f"{name} {', '.join(each) or 'nowhere'}")
    return f"Departures in bits: {BETWEEN_PARTS.join(parts)}."


def in_bits(bits: float) -> str:
    """A departure in two digits.

    >>> in_bits(0.0823), in_bits(1.04), in_bits(0.00002), in_bits(math.inf)
    ('0.082', '1.0', '<0.001', '∞')
    """
    if not math.isfinite(bits):
        return "∞"
    if bits < LEAST_SIZE:
        return f"<{LEAST_SIZE}"
    return f"{bits:#.2g}" if bits < 10 else f"{bits:.0f}"


def costs(one: Comparison) -> str:
    """What the whole sequence cost each predictor, and by how much that is above the optimum.

    Nothing is above an optimum that holds what came impossible; then the sentence says so.
    """
    bits = {name: float(one.cost(name).sum()) for name in one.names}
    best, beside = math.inf, ""
    if one.reference is not None:
        best = bits[one.reference]
        said = "and above {}" if math.isfinite(best) else "{} holds it impossible"
        beside = f" ({said.format(one.reference)})"
    parts = []
    for name, cost in bits.items():
        alone = name == one.reference or not math.isfinite(best)
        gap = "" if alone else f" ({_rounded(cost - best, '+')})"
        parts.append(f"{name} {_rounded(cost)}{gap}")
    return f"Cost of the whole sequence in bits{beside}: {BETWEEN_PARTS.join(parts)}."


def _rounded(bits: float, sign: str = "") -> str:
    """Bits with two digits, never -0.00."""
    if math.isfinite(bits):
        return f"{round(bits, 2) + 0.0:{sign}.2f}"
    return f"{sign}∞"


def wrapped(sentence: str, characters: int) -> list[str]:
    """A sentence in lines of at most so many characters, if it can be, that keep parts whole."""
    first, *rest = sentence.split(BETWEEN_PARTS)
    parts = [first, *(part.replace(" ", UNBROKEN) for part in rest)]
    whole = f"{UNBROKEN}{BETWEEN_PARTS.lstrip()}".join(parts)  # a line may end there, not begin
    return [line.replace(UNBROKEN, " ") for line in textwrap.wrap(whole, characters)]

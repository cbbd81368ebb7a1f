"""What the paper and this project claim of copy, repeat copy, recall and sort, seed by seed.

Every answer is computed from the results of all seeds; nothing is typed by hand.
"""

import math
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from ntmlab.runs.results import Result
from ntmlab.studies.claims import percent
from ntmlab.studies.scores import Measure, at, bits, show_bits, worst_rate
from ntmlab.studies.sizes import size_name

Results = dict[str, list[Result]]


class RecipeClaim(NamedTuple):
    """A number of every seed of a recipe, and the bounds it must keep to."""

    text: str
    recipe: str
    measure: Measure
    show: Callable[[float], str]
    most: float | Callable[[Results], float] = math.inf
    above: float | Callable[[Results], float] = -math.inf  # which itself is not enough


def until(limit: float) -> Measure:
    """Sequences trained on when validation first costs less than a limit; infinite if never."""

    def measure(result: Result) -> float:
        rows = [row["sequences"] for row in result.metrics if row["bits"] < limit]
        return float(min(rows, default=math.inf))

    return measure


def least_median(measure: Measure, *recipes: str) -> Callable[[Results], float]:
    """The largest of the medians of some recipes: what a worse model must exceed."""

    def bound(results: Results) -> float:
        return max(median(map(measure, results[name])) for name in recipes if name in results)

    return bound


def show_sequences(value: float) -> str:
    """A number of sequences, or that it was never reached."""
    return f"{value:,.0f}" if math.isfinite(value) else "never"


def show_marks(value: float) -> str:
    """Wrong end marks a sequence."""
    return f"{value:.2f}"


def answer(claim: RecipeClaim, results: Results) -> list[str]:
    """The row of a claim: what is said, whether it holds for each seed, the number of each."""
    seeds = results.get(claim.recipe, [])
    head = [claim.text, f"`{claim.recipe}`"]
    if not seeds:
        return [*head, "not run", "-"]
    most, above = (bound(results) if callable(bound) else bound for bound in claim[4:6])
    values = [claim.measure(result) for result in seeds]
    good = sum(above < value <= most for value in values)
    verdict = "yes" if good == len(values) else "no" if good == 0 else f"{good} of {len(values)}"
    return [*head, verdict, "; ".join(map(claim.show, values))]


def both(
    task: str, text: str, measure: Measure, show: Callable[[float], str], most: float
) -> list[RecipeClaim]:
    """One claim of both NTMs."""
    return [
        RecipeClaim(text, f"{task}-{kind}", measure, show, most) for kind in ("ntm", "ntm-lstm")
    ]


def copy_claims() -> list[RecipeClaim]:
    """Section 4.1."""
    slower = least_median(until(0.05), "copy-ntm", "copy-ntm-lstm")
    return [
        *both("copy", "below 0.05 bits within 30,000 sequences", until(0.05), show_sequences, 3e4),
        *both("copy", "no wrong bit at 10, 20, 30 and 50", worst_rate(10, 20, 30, 50), percent, 0),
        *both("copy", "under 1 % wrong at 120", worst_rate(120), percent, 0.01),
        RecipeClaim(
            "slower than every NTM that was run: sequences to 0.05 bits",
            "copy-lstm",
            until(0.05),
            show_sequences,
            above=slower,
        ),
        *(
            RecipeClaim(
                f"fails past 20: wrong at {n}", "copy-lstm", worst_rate(n), percent, above=0.01
            )
            for n in (30, 50, 120)
        ),
    ]


def repeat_claims() -> list[RecipeClaim]:
    """Section 4.2."""
    longer, more = {"length": 20, "repeats": 10}, {"length": 10, "repeats": 20}
    return [
        *both("repeat-copy", "solves training: below 0.1 bits", bits, show_bits, 0.1),
        RecipeClaim("solves training: below 0.1 bits", "repeat-copy-lstm", bits, show_bits, 0.1),
        *(
            claim
            for size in (longer, more)
            for claim in both(
                "repeat-copy",
                f"under 2 % wrong at {size_name(size)}",
                at("wrong_rate", **size),
                percent,
                0.02,
            )
        ),
        *(
            RecipeClaim(
                f"fails at {size_name(size)}",
                "repeat-copy-lstm",
                at("wrong_rate", **size),
                percent,
                above=0.02,
            )
            for size in (longer, more)
        ),
        *(
            RecipeClaim(
                "cannot count to 20: wrong end marks a sequence at length 10, repeats 20",
                f"repeat-copy-{kind}",
                at("wrong_markers", **more),
                show_marks,
                above=0.5,
            )
            for kind in ("ntm", "ntm-lstm")
        ),
    ]


def recall_claims() -> list[RecipeClaim]:
    """Section 4.3."""
    return [
        *both("recall", "below 0.1 bits within 40,000 sequences", until(0.1), show_sequences, 4e4),
        *both("recall", "below 0.1 bits at 12 items", at("bits", items=12), show_bits, 0.1),
        *both("recall", "below 1 bit at 15 items", at("bits", items=15), show_bits, 1),
        RecipeClaim("not at zero after a million", "recall-lstm", bits, show_bits, above=0.1),
    ]


def sort_claims() -> list[RecipeClaim]:
    """Section 4.5."""
    below = [
        RecipeClaim(
            "clearly above every NTM that was run",
            "sort-lstm",
            bits,
            show_bits,
            above=lambda results: 1.2 * least_median(bits, "sort-ntm", "sort-ntm-lstm")(results),
        )
    ]
    return [
        *below,
        RecipeClaim("at most 15 bits", "sort-ntm", bits, show_bits, 15),
        RecipeClaim("at most 5 bits", "sort-ntm", bits, show_bits, 5),
        RecipeClaim("at most 15 bits", "sort-ntm-lstm", bits, show_bits, 15),
    ]

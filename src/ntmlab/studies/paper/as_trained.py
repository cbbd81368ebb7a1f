"""Dynamic N-grams trained as the paper trained them, beside what the paper shows of them.

Section 4.4 says that both NTMs have a small but significant advantage over the LSTM and never
quite reach the optimum. The distances are readings of Figure 13, a chart: shape, not numbers of the
paper.
"""

from typing import Final

from ntmlab.runs.results import Result
from ntmlab.studies.paper.claims import RecipeClaim, Results, answer, least_median
from ntmlab.studies.scores import number, show_bits

# Bits above the optimum at the end of training.
READINGS: Final = {"ngrams-ntm-lstm-paper": 0.5, "ngrams-ntm-paper": 1.0, "ngrams-lstm-paper": 3.0}
FACTOR: Final = 2.0  # a reading comes back within this factor of it


def gap(result: Result) -> float:
    """Bits above the optimum on fresh sequences, Σ KL."""
    return number(result, "kl")


def ngrams_claims() -> list[RecipeClaim]:
    """The order of the three models, their distances from the optimum, and that none reaches it."""
    machines, lstm = list(READINGS)[:2], list(READINGS)[2]
    return [
        *(_near(recipe, reading) for recipe, reading in READINGS.items()),
        _closer(machines[0], machines[1]),
        *(_closer(machine, lstm) for machine in machines),
        *(_never(machine) for machine in machines),
    ]


def _near(recipe: str, reading: float) -> RecipeClaim:
    text = f"about {reading:g} bits above the optimum: {reading / FACTOR:g} to {reading * FACTOR:g}"
    return RecipeClaim(text, recipe, gap, show_bits, reading * FACTOR, reading / FACTOR)


def _closer(recipe: str, other: str) -> RecipeClaim:
    text = f"closer to the optimum than the median of `{other}`"
    return RecipeClaim(text, recipe, gap, show_bits, most=least_median(gap, other))


def _never(recipe: str) -> RecipeClaim:
    """Distance in standard errors, so that a gap that is not significant is none."""
    text = "never quite reaches the optimum: gap over its standard error above 2"
    return RecipeClaim(text, recipe, _errors, lambda value: f"{value:.0f}", above=2)


def _errors(result: Result) -> float:
    return gap(result) / number(result, "kl_se")


def answers(results: Results) -> list[list[str]]:
    """A row for each claim: what is said, of which recipe, whether it holds, seed by seed.

    No rows where a recipe has not been run: the order is of all three.
    """
    if any(recipe not in results for recipe in READINGS):
        return []
    return [answer(claim, results) for claim in ngrams_claims()]

"""What the final weights of a recipe are to reach, seed by seed."""

from collections.abc import Callable
from typing import Final, NamedTuple

from ntmlab.runs.results import Result
from ntmlab.studies.claims import percent
from ntmlab.studies.scores import Measure, at, bits, number, show_bits, worst_rate


class Goal(NamedTuple):
    """A number of a run's score, and the most that it may be."""

    text: str
    measure: Measure
    most: float
    show: Callable[[float], str]


def gap(result: Result) -> float:
    """Sigma KL(optimal || model) on fresh sequences, in bits a sequence."""
    return number(result, "kl")


COPY: Final = (
    Goal("at most 0.01 bits", bits, 0.01, show_bits),
    Goal("no wrong bit at 10 to 50", worst_rate(10, 20, 30, 50), 0.0, percent),
    Goal("at most 1 % wrong at 120", worst_rate(120), 0.01, percent),
)
RECALL: Final = (
    Goal("at most 0.1 bits", bits, 0.1, show_bits),
    Goal("at most 0.1 bits at 12 items", at("bits", items=12), 0.1, show_bits),
)
REPEAT_COPY: Final = (
    Goal("at most 0.1 bits", bits, 0.1, show_bits),
    Goal("at most 2 % wrong at 20 × 10", at("wrong_rate", length=20, repeats=10), 0.02, percent),
)
SORT: Final = (Goal("at most 15 bits", bits, 15.0, show_bits),)
NGRAMS: Final = (Goal("gap at most 0.3 bits", gap, 0.3, show_bits),)

GOALS: Final[dict[str, tuple[Goal, ...]]] = {
    "copy-ntm": COPY,
    "copy-ntm-lstm": COPY,
    "recall-ntm": RECALL,
    "recall-ntm-lstm": RECALL,
    "repeat-copy-ntm": REPEAT_COPY,
    "repeat-copy-ntm-lstm": REPEAT_COPY,
    "sort-ntm": SORT,
    "ngrams-ntm": NGRAMS,
    "ngrams-ntm-lstm": NGRAMS,
    "ngrams-lstm": NGRAMS,
}

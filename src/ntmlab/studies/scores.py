"""Single numbers of a run's score, by the name of what they are."""

from collections.abc import Callable

from ntmlab.errors import InputError
from ntmlab.runs.results import Result
from ntmlab.studies.sizes import size_name

Measure = Callable[[Result], float]


def bits(result: Result) -> float:
    """Cost on fresh sequences of the sizes of training."""
    return float(result.score["bits"])


def at(key: str, **size: int) -> Measure:
    """A number of the score at one size."""

    def measure(result: Result) -> float:
        for score in result.score["sizes"]:
            if all(score.get(name) == value for name, value in size.items()):
                return float(score[key])
        raise InputError(f"{result.path} has no score at {size_name(size)}")

    return measure


def worst_rate(*lengths: int) -> Measure:
    """The largest wrong-bit rate at some lengths."""
    return lambda result: max(at("wrong_rate", length=length)(result) for length in lengths)


def show_bits(value: float) -> str:
    """Bits with the digits that say something."""
    return f"{value:.2g} bits" if value < 1 else f"{value:.1f} bits"

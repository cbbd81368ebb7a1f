"""Single numbers of a run's score, by the name of what they are."""

from collections.abc import Callable

from ntmlab.errors import InputError
from ntmlab.records import Record, check_parts
from ntmlab.runs.results import SCORE, Result
from ntmlab.studies.sizes import size_name

Measure = Callable[[Result], float]


def number(result: Result, key: str) -> float:
    """A number of a run's score; raises InputError where it has none of that name."""
    check_parts(result.score, str(result.path / SCORE), {key: (float,)})
    return float(result.score[key])


def sizes(result: Result, key: str) -> list[Record]:
    """The scores at each size, with a number in each; raises InputError where that is missing."""
    where = str(result.path / SCORE)
    check_parts(result.score, where, {"sizes": (list,)})
    found: list[Record] = result.score["sizes"]
    for one in found:
        check_parts(one, f"{where} at a size", {key: (float,)})
    return found


def bits(result: Result) -> float:
    """Cost on fresh sequences of the sizes of training."""
    return number(result, "bits")


def at(key: str, **size: int) -> Measure:
    """A number of the score at one size."""

    def measure(result: Result) -> float:
        for score in sizes(result, key):
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

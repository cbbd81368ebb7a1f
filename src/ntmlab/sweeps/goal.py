"""A cost that runs are to come to, and the share of the seeds of a setting that do."""

import math
from typing import NamedTuple

from ntmlab.errors import InputError, unknown_name
from ntmlab.records import Record
from ntmlab.runs.folder import COSTS
from ntmlab.runs.success import wilson
from ntmlab.sweeps import attempts


class Goal(NamedTuple):
    """The most that a cost may be at the end; a cost of None is the gap, or bits if none is known.

    The gap is ``kl``, as a search and the tables have it.
    """

    cost: str | None
    most: float

    def of(self, runs: list[Record]) -> str:
        """The cost that is meant of these runs."""
        known = any(run["kl"] is not None for run in runs)
        return self.cost or ("kl" if known else "bits")


def parse_goal(text: str) -> Goal:
    """A goal as MOST or COST=MOST.

    >>> parse_goal("0.3"), parse_goal("wrong_rate=0")
    (Goal(cost=None, most=0.3), Goal(cost='wrong_rate', most=0.0))

    Raises InputError for another cost, and for what is no number.
    """
    before, equals, after = text.rpartition("=")
    if equals and before not in COSTS:
        raise unknown_name("cost of --goal", before, COSTS)
    try:
        most = float(after)
    except ValueError:
        most = math.nan
    if not math.isfinite(most):
        raise InputError(f"--goal takes MOST or COST=MOST, such as 0.3 or bits=1, not {text!r}")
    return Goal(before or None, most)


def success(runs: list[Record], goal: Goal) -> Record:
    """How many runs that ended reached a goal, and the 95 % interval of the rate behind it.

    One that failed did not. Rates are None where none has ended.
    """
    key, ended = goal.of(runs), [run for run in runs if run["state"] == attempts.FINISHED]
    of = len(ended) + sum(run["state"] == attempts.FAILED for run in runs)
    good = sum(run[key] is not None and run[key] <= goal.most for run in ended)
    low, high = wilson(good, of) if of else (None, None)
    rate = good / of if of else None
    counts = {"reached": good, "of": of, "rate": rate, "low": low, "high": high}
    return {"cost": key, "most": goal.most, **counts}


def in_words(reached: Record) -> str:
    """A success rate for people.

    >>> in_words({"reached": 7, "of": 10, "low": 0.397, "high": 0.892})
    '7 of 10 (40 to 89 %)'
    """
    if not reached["of"]:
        return "none has ended"
    low, high = (f"{100 * reached[key]:.0f}" for key in ("low", "high"))
    return f"{reached['reached']} of {reached['of']} ({low} to {high} %)"

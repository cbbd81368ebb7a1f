"""The sequence that a picture shows where none was asked for: found by a rule, not picked."""

import math
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import numpy as np

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.compare import compare
from ntmlab.sequences import Predictor, Task

SEED: Final = 0  # of the evaluation set
MOST: Final = 256  # sequences looked at
AT_ONCE: Final = 16

# Shipped models depart by this much at some step of one sequence in twenty. About P = 0.5 it
# is 0.13 apart, which the eye tells.
LEAST_DEPARTURE: Final = 0.05  # bits

# Of what guessing costs. Less is a sequence nearly all of one letter, in which nothing is seen.
LEAST_COST: Final = 0.5


class Shown(NamedTuple):
    """The number of a sequence, and in words why it is this one."""

    number: int
    rule: str


def sequence_to_show(
    task: Task, predictors: Mapping[str, Predictor], departing: Collection[str], seed: int = SEED
) -> Shown:
    """The first sequence of a seed in which there is something to be seen.

    It costs the optimum at least half as much as guessing, and one of the ``departing`` predictors,
    where there are any, departs from the optimum by at least 0.05 bits at some step. If none of the
    first 256 is such a one, the one with the largest departure is taken.
    """
    own = {name: predictors[name] for name in departing}
    ranks = []
    for start in range(0, MOST, AT_ONCE):
        cost, departure = _measure(task, own, seed, start)
        found = np.flatnonzero((cost >= LEAST_COST) & ((departure >= LEAST_DEPARTURE) | (not own)))
        if len(found):
            return Shown(start + int(found[0]), _rule(bool(own)))
        ranks.append(departure if own else cost)
    most = "in which a model departs most from the optimum" if own else "that costs most"
    return Shown(int(np.concatenate(ranks).argmax()), f"of the first {MOST} the one {most}")


def _measure(
    task: Task, own: Mapping[str, Predictor], seed: int, start: int
) -> tuple[Array, Array]:
    """Of some sequences the optimum's cost, as a part of guessing's, and the largest departure."""
    batch = task.sample(AT_ONCE, seed, start)
    comparison = compare(batch, {"optimal": task.optimal(), **own}, "optimal")
    guess = comparison.mask.sum(1) * math.log2(task.letters or 2**task.outputs.channels)
    steps = np.stack([comparison.divergence(name) for name in comparison.names])  # (M, B, T)
    return comparison.cost("optimal").sum(1) / guess, steps.max((0, 2))


def _rule(departing: bool) -> str:
    departs = f" and in which a model departs by {LEAST_DEPARTURE:g} bits or more at a step"
    return (
        "the first that costs the optimum at least half as much as guessing"
        f"{departs if departing else ''}"
    )

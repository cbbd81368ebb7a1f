"""The sequence that a picture shows where none was asked for: found by a rule, not picked."""

import math
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import numpy as np

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.compare import DIVERGENCE_FLOOR
from ntmlab.evaluation.scored import Batch, Oracle, rows_at_once, score_batch
from ntmlab.sequences import Predictor, Task
from ntmlab.tasks.optimum import optimum_of

SEED: Final = 0  # of the evaluation set
MOST: Final = 128  # sequences looked at
FIRST: Final = 16  # at once; then as many as were looked at before, fewer of long ones

# About P = 0.5 it is 0.13 apart, which the eye tells. Of the models of dynamic N-grams that the
# figure shows where none are named, none departs by so much in the first 128 of seed 0.
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
    first 128 is such a one, the one with the largest departure is taken. Predictors that depart
    nowhere do not count.
    """
    optimal = optimum_of(task)
    if optimal is None:
        return Shown(0, "the first; no optimum of this task is known")
    own = {n: predictors[n] for n in departing if not isinstance(predictors[n], Oracle)}
    ranks: list[Array] = []
    start, end, most = 0, FIRST, max(FIRST, rows_at_once(task))
    while start < MOST:
        batch = score_batch(task.sample(end - start, seed, start), own, optimal)
        cost, departure = _cost(batch, task), _largest(batch)
        found = np.flatnonzero((cost >= LEAST_COST) & ((departure >= LEAST_DEPARTURE) | (not own)))
        if len(found):
            return Shown(start + int(found[0]), _rule(bool(own)))
        ranks.append(departure if own else cost)
        start, end = end, min(MOST, end + min(end, most))
    rank = np.concatenate(ranks)
    if own and rank.max() < DIVERGENCE_FLOOR:
        return sequence_to_show(task, predictors, (), seed)
    which = "in which a model departs most from the optimum" if own else "that costs most"
    return Shown(int(rank.argmax()), f"of the first {MOST} the one {which}")


def _cost(batch: Batch, task: Task) -> Array:
    """What each sequence costs the optimum, as a part of what guessing does."""
    assert batch.optimal is not None
    guess = batch.sequences.mask.numpy().sum(1) * math.log2(task.letters or 2**task.output_size)
    return np.asarray(batch.optimal.cost.sum(1) / guess)


def _largest(batch: Batch) -> Array:
    """The largest departure of any predictor at a step of each sequence."""
    largest = np.zeros(len(batch.sequences.inputs))
    for found in batch.found.values():
        if found.divergence is not None:
            largest = np.maximum(largest, found.divergence.max(1))
    return largest


def _rule(departing: bool) -> str:
    departs = f" and in which a model departs by {LEAST_DEPARTURE:g} bits or more at a step"
    return (
        "the first that costs the optimum at least half as much as guessing"
        f"{departs if departing else ''}"
    )

"""Cost against the number of items: of models on fresh sequences, or of all seeds in results/.

Legend: P numbers of items.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.runs.results import Result
from ntmlab.sequences import Predictor, Task
from ntmlab.studies.scores import sizes


class ItemsLine(NamedTuple):
    """The cost of one model at each number of items."""

    label: str
    items: Array  # (P,), increasing
    bits: Array  # (P,), mean cost per sequence
    error: Array  # (P,), its standard error


def measured(
    models: Mapping[str, Predictor], tasks: Mapping[int, Task], sequences: int, seed: int
) -> list[ItemsLine]:
    """What models cost on the first sequences of a seed of each task, by its number of items."""
    items = np.array(list(tasks), dtype=np.float64)
    scores = [evaluate(task, models, sequences, seed) for task in tasks.values()]
    lines = []
    for name in models:
        pairs = np.array([(at[name].bits, at[name].bits_se) for at in scores])
        lines.append(ItemsLine(name, items, pairs[:, 0], pairs[:, 1]))
    return lines


def at_items(result: Result) -> dict[int, tuple[float, float]]:
    """Cost and its error at each number of items; raises InputError where one is missing."""
    for key in ("items", "bits_se"):
        sizes(result, key)
    return {one["items"]: (one["bits"], one["bits_se"]) for one in sizes(result, "bits")}


def median_seed(name: str, results: Sequence[Result]) -> ItemsLine:
    """At every number of items the seed in the middle, the lower one of two, with its error.

    Raises InputError where a score lacks a number, or they are at different numbers of items.
    """
    measured = [at_items(result) for result in results]
    counts = list(measured[0])
    for result, one in zip(results, measured, strict=True):
        if list(one) != counts:
            raise InputError(f"{result.path} was scored at other numbers of items than its sisters")
    ranked = [sorted(one[count] for one in measured) for count in counts]
    middle = np.array([pairs[(len(pairs) - 1) // 2] for pairs in ranked])
    items = np.array(counts, dtype=np.float64)
    seeds = f"{len(results)} seed{'s' if len(results) > 1 else ''}"
    return ItemsLine(f"{name} ({seeds})", items, middle[:, 0], middle[:, 1])

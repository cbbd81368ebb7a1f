"""Cost against the number of items: of models on fresh sequences, or of all seeds in results/.

Legend: P numbers of items.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.runs.results import Result
from ntmlab.sequences import Predictor, Task


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


def median_seed(name: str, results: Sequence[Result]) -> ItemsLine:
    """At every number of items the seed in the middle, the lower one of two, with its error."""
    columns = list(zip(*(result.score["sizes"] for result in results), strict=True))
    ranked = [sorted((s["bits"], s["bits_se"]) for s in column) for column in columns]
    middle = np.array([pairs[(len(pairs) - 1) // 2] for pairs in ranked])
    items = np.array([column[0]["items"] for column in columns], dtype=np.float64)
    seeds = f"{len(results)} seed{'s' if len(results) > 1 else ''}"
    return ItemsLine(f"{name} ({seeds})", items, middle[:, 0], middle[:, 1])

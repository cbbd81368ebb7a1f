"""The picture of one sequence above the predictions of several models, with its arrays."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from numpy.typing import NDArray

from ntmlab.evaluation import Comparison
from ntmlab.evaluation.showing import SEED, sequence_to_show
from ntmlab.figures import strip_arrays, strips
from ntmlab.sequences import Predictor, Sequences, Task
from ntmlab.studies.drawing import Drawing


class Subject(NamedTuple):
    """What is drawn, and what the caption says of it."""

    sequences: Sequences  # a single one
    about: str


def subject(
    task: Task,
    predictors: Mapping[str, Predictor],
    departing: Collection[str],
    seed: int | None = None,
    index: int | None = None,
) -> Subject:
    """The sequence of a seed and number; without both the one that `sequence_to_show` finds."""
    rule = ""
    if seed is None and index is None:
        index, why = sequence_to_show(task, predictors, departing)
        rule = f": {why}"
    seed, index = seed or SEED, index or 0
    return Subject(task.sample(1, seed, index), f"Sequence {index} of seed {seed}{rule}.")


def drawing(comparison: Comparison, about: str = "", **marked: Any) -> Drawing:
    """The strips of a comparison's first sequence; ``marked`` are `strips`' window and arrows."""
    arrays: dict[str, NDArray[Any]] = {"Input": comparison.targets[0, :, 0]}
    arrays |= {name: p[0, :, 0] for name, p in comparison.probabilities.items()}
    found = strip_arrays(comparison, **marked)
    arrays |= {k: v for k, v in found.items() if k.startswith(("arrows/", "departures/"))}
    return Drawing(strips(comparison, **marked, about=about).figure, arrays, about)

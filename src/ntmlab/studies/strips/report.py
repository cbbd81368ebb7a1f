"""The picture of one sequence above the predictions of several models, with its arrays."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.evaluation import Comparison
from ntmlab.evaluation.scored import Oracle, draw
from ntmlab.evaluation.showing import SEED, sequence_to_show
from ntmlab.figures import strip_arrays, strips
from ntmlab.sequences import Predictor, Sequences, Task, symbols_of
from ntmlab.studies.drawing import Drawing

INPUT: Final = "Input"  # what the strip of the sequence is called, and its array
MARKS: Final = ("window", "arrows", "arrow_models")


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
    truth = any(isinstance(predictor, Oracle) for predictor in predictors.values())
    drawn = draw(task, 1, seed, index, truth=truth)
    return Subject(drawn, f"Sequence {index} of seed {seed}{rule}.")


def drawing(comparison: Comparison, about: str = "", **look: Any) -> Drawing:
    """The strips of a comparison's first sequence; ``look`` are the options of `strips`.

    The arrays are input and predictions of the whole sequence by label: bits and P of a 1, (T,), or
    the numbers of letters (T,) and P of each, (T, k). Raises InputError for a predictor that is
    called as the sequence is.
    """
    if INPUT in comparison.names:
        raise InputError(f"a predictor called {INPUT} cannot be told from the sequence: rename it")
    letters = comparison.outputs.letters or 2
    bits = letters == 2
    symbols = symbols_of(comparison.targets[0], letters)
    arrays: dict[str, NDArray[Any]] = {INPUT: comparison.targets[0, :, 0] if bits else symbols}
    said = comparison.probabilities
    arrays |= {name: p[0, :, 0] if bits else p[0] for name, p in said.items()}
    marked = {key: look[key] for key in MARKS if key in look}
    found = strip_arrays(comparison, **marked)
    arrays |= {k: v for k, v in found.items() if k.startswith(("arrows/", "departures/"))}
    return Drawing(strips(comparison, **look, about=about).figure, arrays, about)

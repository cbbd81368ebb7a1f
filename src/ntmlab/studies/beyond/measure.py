"""Models on what they were not trained on: longer sequences, and tasks of other parameters.

Legend: B sequences, T time, K blocks of as many steps as the sequences of training.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import mean_and_error
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.ratios import Profile
from ntmlab.evaluation.score import Score, score
from ntmlab.sequences import Predictor, Task
from ntmlab.studies.beyond.blocks import Blocks, first_worse, run_blocks
from ntmlab.studies.finite import check_reachable
from ntmlab.tasks import Source
from ntmlab.tasks.optimum import optimum_of
from ntmlab.tasks.options import of_length

LENGTHS: Final = (400, 1000, 5000)
LONG_PART: Final = 10  # long sequences are a tenth of the others
TRAINED: Final = "optimum of training"


class Setting(NamedTuple):
    """Scores on one kind of sequences.

    ``excess`` is what a predictor loses above the optimum of the training task, which does not know
    the parameters of the setting: mean difference of Σ KL and standard error.
    """

    kind: str  # training, length, or what the task's variations are of
    name: str
    task: Task
    sequences: int
    scores: dict[str, Score]
    excess: dict[str, tuple[float, float]]


class Long(NamedTuple):
    """Long sequences: Σ KL by block, and the first step of the block in which a model fails.

    What is left of a sequence after its last whole block counts in settings only.
    """

    block: int  # steps
    sequences: int
    by_block: dict[str, Profile]
    below: dict[str, dict[str, int | None]]  # by model and reference; None: never


class Beyond(NamedTuple):
    """All settings, the training task first."""

    seed: int
    settings: list[Setting]
    long: Long


def beyond(
    training: Task,
    predictors: Mapping[str, Predictor],
    sequences: int = 1000,
    seed: int = 2,
    length: int = 5000,
    progress: Callable[[int], None] = lambda done: None,
) -> Beyond:
    """Scores predictors on what lies beyond the task they were trained on.

    The optimum of training, ``TRAINED``, is scored beside them. Long sequences have ``length``
    steps, are a tenth as many, and shorter lengths are their beginnings. ``progress`` hears how
    many of the settings are done. Raises InputError for a task that asks for answers, has one
    length only or no known optimum, for fewer than 20 sequences, or a length that is not longer
    than training's.
    """
    check_reachable(predictors)
    _check(training, sequences, length)
    every = {**predictors, TRAINED: training.optimal()}
    settings: list[Setting] = []
    for kind, name, task in short_settings(training):
        found = run_blocks(task, every, sequences, seed, task.steps)
        settings.append(_setting(kind, name, task, found))
        progress(len(settings))
    whole = of_length(training, length)
    references = reference_predictors(training)
    count = sequences // LONG_PART
    found = run_blocks(whole, {**references, **every}, count, seed, training.steps)
    for shorter in sorted({training.steps, *(n for n in LENGTHS if n < length), length}):
        if shorter % training.steps == 0 or shorter == length:
            kept = -(-shorter // training.steps)
            settings.append(_beginning(of_length(training, shorter), kept, found, every))
    progress(len(settings))
    blocks = {name: _first(one, length // training.steps) for name, one in found.items()}
    return Beyond(seed, settings, _long(training.steps, count, blocks, references, every))


def _check(training: Task, sequences: int, length: int) -> None:
    if training.letters is None:
        raise InputError(f"this is about next symbols; task {training.name} asks for answers")
    if optimum_of(training) is None:
        raise InputError(f"the optimal predictor of task {training.name} is not known")
    if sequences < 2 * LONG_PART:
        raise InputError(f"--sequences must be at least {2 * LONG_PART}, not {sequences}")
    if length < 2 * training.steps:
        raise InputError(
            f"long sequences must be at least twice the {training.steps} steps of training, "
            f"not {length}"
        )


def short_settings(training: Task) -> list[tuple[str, str, Task]]:
    """Kind, name and task of the settings of the training length."""
    variations = training.variations() if isinstance(training, Source) else []
    return [("training", "as in training", training), *variations]


def reference_predictors(training: Task) -> dict[str, Predictor]:
    """What a model must beat: what the task names, and a coin."""
    own = training.references() if isinstance(training, Source) else {}
    return {**own, "coin": find_predictor("coin", training)}


def _setting(kind: str, name: str, task: Task, found: Mapping[str, Blocks]) -> Setting:
    """The scores over all blocks."""
    sums = {name: Blocks(*(part.sum(1) for part in one)) for name, one in found.items()}
    excess = {
        name: mean_and_error(one.divergence - sums[TRAINED].divergence)
        for name, one in sums.items()
    }
    count = len(sums[TRAINED].cost)
    scores = {name: score(*one) for name, one in sums.items()}
    return Setting(kind, name, task, count, scores, excess)


def _beginning(
    task: Task, kept: int, found: Mapping[str, Blocks], names: Mapping[str, Predictor]
) -> Setting:
    """The setting of the first ``kept`` blocks of long sequences, as long as those of ``task``."""
    first = {name: _first(found[name], kept) for name in names}
    what = "bits" if task.letters == 2 else "letters"
    return _setting("length", f"{task.steps} {what}", task, first)


def _first(blocks: Blocks, kept: int) -> Blocks:
    return Blocks(*(part[:, :kept] for part in blocks))


def _long(
    block: int,
    count: int,
    found: Mapping[str, Blocks],
    references: Mapping[str, Predictor],
    models: Mapping[str, Predictor],
) -> Long:
    by_block = {}
    below: dict[str, dict[str, int | None]] = {}
    for name, one in found.items():
        error = one.divergence.std(0, ddof=1) / np.sqrt(count)
        steps = np.full(one.divergence.shape[1], count * block)
        by_block[name] = Profile(one.divergence.mean(0), error, steps)
        if name in models:
            others = {other: found[other].divergence for other in references}
            below[name] = {k: first_worse(one.divergence, v, block) for k, v in others.items()}
    return Long(block, count, by_block, below)

"""Models on what they were not trained on: longer sequences, other tables, shorter contexts.

Legend: B sequences, T time, K blocks of as many steps as the sequences of training.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import mean_and_error
from ntmlab.evaluation.ratios import Profile
from ntmlab.evaluation.score import Score, score
from ntmlab.optimal import ContextKT, coin
from ntmlab.sequences import Predictor
from ntmlab.studies.beyond.blocks import Blocks, first_worse, run_blocks
from ntmlab.tasks import DynamicNGrams

PRIORS: Final = ((1.0, 1.0), (2.0, 2.0), (0.1, 0.1), (0.5, 2.0))
LENGTHS: Final = (400, 1000, 5000)
LONG_PART: Final = 10  # long sequences are a tenth of the others
TRAINED: Final = "optimum of training"


class Setting(NamedTuple):
    """Scores on one kind of sequences.

    ``excess`` is what a predictor loses above the optimum of the training task, which knows
    neither the prior nor the context of the setting: mean difference of Σ KL and standard error.
    """

    kind: str  # training, prior, order or length
    name: str
    task: DynamicNGrams
    sequences: int
    scores: dict[str, Score]
    excess: dict[str, tuple[float, float]]


class Long(NamedTuple):
    """Long sequences: Σ KL by block, and the first step of the block in which a model fails."""

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
    training: DynamicNGrams,
    predictors: Mapping[str, Predictor],
    sequences: int = 1000,
    seed: int = 2,
    length: int = 5000,
    progress: Callable[[int], None] = lambda done: None,
) -> Beyond:
    """Scores predictors on what lies beyond the task they were trained on.

    The optimum of training, ``TRAINED``, is scored beside them. Long sequences have ``length``
    bits, are a tenth as many, and shorter lengths are their beginnings. ``progress`` hears how
    many of the settings are done. Raises InputError for fewer than 20 sequences or a length that
    is not longer than training's.
    """
    if sequences < 2 * LONG_PART:
        raise InputError(f"--sequences must be at least {2 * LONG_PART}, not {sequences}")
    if length < 2 * training.length:
        raise InputError(
            f"long sequences must be at least twice the {training.length} bits of training, "
            f"not {length}"
        )
    every = {**predictors, TRAINED: ContextKT(training.context_bits, training.prior)}
    settings: list[Setting] = []
    for kind, name, task in short_settings(training):
        found = run_blocks(task, every, sequences, seed, task.length)
        settings.append(_setting(kind, name, task, found))
        progress(len(settings))
    whole = dataclasses.replace(training, length=length)
    references = reference_predictors(training)
    count = sequences // LONG_PART
    found = run_blocks(whole, {**references, **every}, count, seed, training.length)
    for shorter in sorted({training.length, *(n for n in LENGTHS if n < length), length}):
        if shorter % training.length == 0 or shorter == length:
            kept = -(-shorter // training.length)
            settings.append(_beginning(whole, shorter, kept, found, every))
    progress(len(settings))
    return Beyond(seed, settings, _long(training.length, count, found, references, every))


def short_settings(training: DynamicNGrams) -> list[tuple[str, str, DynamicNGrams]]:
    """Kind, name and task of the settings of the training length."""
    tasks = [("training", "as in training", training)]
    for prior in PRIORS:
        if prior != training.prior:
            task = dataclasses.replace(training, prior=prior)
            tasks.append(("prior", f"Beta({prior[0]:g}, {prior[1]:g})", task))
    for order in range(training.order - 1, 0, -1):
        bits = f"{order - 1} bit{'' if order == 2 else 's'} of context"
        tasks.append(("order", bits, dataclasses.replace(training, order=order)))
    return tasks


def reference_predictors(training: DynamicNGrams) -> dict[str, Predictor]:
    """What a model that counts in five contexts must beat: one bit of context less, and a coin."""
    less = training.context_bits - 1
    exact: dict[str, Predictor] = {"coin": coin}
    return {f"kt-{less}": ContextKT(less, training.prior), **exact} if less >= 0 else exact


def _setting(kind: str, name: str, task: DynamicNGrams, found: Mapping[str, Blocks]) -> Setting:
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
    whole: DynamicNGrams,
    length: int,
    kept: int,
    found: Mapping[str, Blocks],
    names: Mapping[str, Predictor],
) -> Setting:
    """The setting of the first ``kept`` blocks, ``length`` bits, of long sequences."""
    first = {name: Blocks(*(part[:, :kept] for part in found[name])) for name in names}
    task = dataclasses.replace(whole, length=length)
    return _setting("length", f"{length} bits", task, first)


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

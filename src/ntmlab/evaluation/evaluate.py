"""Scores on as many fresh sequences as asked for, in memory that does not grow with them.

Legend: B batch.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.score import Score, Scores, score
from ntmlab.evaluation.scored import Batch, scored
from ntmlab.evaluation.wrong import count_wrong, summed
from ntmlab.sequences import Predictor, Task


def evaluate(
    task: Task,
    predictors: Mapping[str, Predictor],
    sequences: int = 1000,
    seed: int = 0,
    progress: Callable[[int], None] = lambda done: None,
) -> Scores:
    """The score of each predictor on the first ``sequences`` sequences of a seed.

    Gaps are to the task's optimal predictor on the same sequences. ``progress`` hears how many
    sequences are done. Wrong bits are counted on tasks whose targets follow from the inputs.
    """
    rows: dict[str, list[Array]] = {name: [] for name in predictors}
    for batch in scored(task, predictors, sequences, seed, progress):
        for name in predictors:
            rows[name].append(_sums(task, batch, name))
    every = {name: np.concatenate(parts, axis=1) for name, parts in rows.items()}
    return Scores({name: _score(task, sums) for name, sums in every.items()})


def _sums(task: Task, batch: Batch, name: str) -> Array:
    """Cost, gap, divergence, impossible symbols of each sequence, and where targets follow
    from the inputs counts of wrong bits, (4 or 8, B).

    Gap and divergence are not numbers where there is no optimum.
    """
    steps, gap = batch.found[name], batch.gap(name)
    nothing = np.full(len(steps.cost), np.nan)
    wrong: Iterable[Array] = ()
    if task.deterministic:
        targets, mask = batch.sequences.targets.numpy(), batch.sequences.mask.numpy()
        wrong = count_wrong(steps.probabilities, targets, mask, task.marker_channels)
    return np.stack(
        [
            steps.cost.sum(1),
            nothing if gap is None else gap,
            nothing if steps.divergence is None else steps.divergence.sum(1),
            np.isinf(steps.cost).sum(1),
            *wrong,
        ]
    )


def _score(task: Task, sums: Array) -> Score:
    cost, gap, divergence, impossible, *wrong = sums
    known = not np.isnan(divergence).all()
    return score(
        cost,
        gap if known else None,
        divergence if known else None,
        summed(np.stack(wrong)) if task.deterministic else None,
        int(impossible.sum()),
    )

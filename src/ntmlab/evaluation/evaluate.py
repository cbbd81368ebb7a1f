"""Scores on as many fresh sequences as asked for, in memory that does not grow with them.

Legend: B batch, T time, O target bits a step.
"""

from collections.abc import Callable, Mapping

import numpy as np

from ntmlab.evaluation.bits import Array, cost_bits, divergence_bits
from ntmlab.evaluation.compare import Score, predict, score
from ntmlab.evaluation.wrong import count_wrong, summed
from ntmlab.sequences import Predictor, Task

# Drawn and scored at once: at most so many sequences, and fewer of long ones.
SEQUENCES_AT_ONCE = 1024
STEPS_AT_ONCE = 2**18


def evaluate(
    task: Task,
    predictors: Mapping[str, Predictor],
    sequences: int = 1000,
    seed: int = 0,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Score]:
    """The score of each predictor on the first ``sequences`` sequences of a seed.

    Gaps are to the task's optimal predictor on the same sequences. ``progress`` hears how many
    sequences are done. Wrong bits are counted on tasks whose targets follow from the inputs.
    """
    optimal = task.optimal()
    rows: dict[str, list[Array]] = {name: [] for name in predictors}
    at_once = max(1, min(SEQUENCES_AT_ONCE, STEPS_AT_ONCE // task.steps))
    for start in range(0, sequences, at_once):
        batch = task.sample(min(at_once, sequences - start), seed, start)
        targets, mask = batch.targets.numpy(), batch.mask.numpy()
        q = predict(optimal, batch, "optimal")
        optimal_cost = cost_bits(q, targets, mask).sum(1)
        for name, predictor in predictors.items():
            p = predict(predictor, batch, name)
            cost = cost_bits(p, targets, mask).sum(1)
            divergence = divergence_bits(q, p, mask).sum(1)
            wrong = count_wrong(p, targets, mask, task.marker_channels)
            rows[name].append(np.stack([cost, cost - optimal_cost, divergence, *wrong]))
        progress(start + len(targets))
    every = {name: np.concatenate(parts, axis=1) for name, parts in rows.items()}
    return {
        name: score(cost, gap, divergence, summed(np.stack(wrong)) if task.deterministic else None)
        for name, (cost, gap, divergence, *wrong) in every.items()
    }

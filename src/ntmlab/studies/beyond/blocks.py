"""Costs of long sequences, block by block.

Legend: B sequences, K blocks.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ntmlab.evaluation.bits import Array, mean_and_error
from ntmlab.evaluation.scored import scored
from ntmlab.sequences import Predictor, Task
from ntmlab.studies.claims import is_above
from ntmlab.studies.finite import finite_divergence, known_optimum


class Blocks(NamedTuple):
    """What a predictor cost on sequences, by block, in bits, (B, K) each."""

    cost: Array
    gap: Array  # paired difference to the optimum
    divergence: Array  # KL(optimal || model), summed


def run_blocks(
    task: Task,
    predictors: Mapping[str, Predictor],
    sequences: int,
    seed: int,
    block: int,
) -> dict[str, Blocks]:
    """Bits by block of each predictor on the first sequences of a seed; a last block may be short.

    Each against the optimum of ``task``. Raises InputError if a loss is infinite.
    """
    rows: dict[str, list[Array]] = {name: [] for name in predictors}
    starts = np.arange(0, task.steps, block)
    for batch in scored(task, predictors, sequences, seed):
        best = known_optimum(batch).cost
        for name, found in batch.found.items():
            with np.errstate(invalid="ignore"):
                gap = found.cost - best
            steps = np.stack([found.cost, gap, finite_divergence(found, name)])
            rows[name].append(np.add.reduceat(steps, starts, axis=2))
    return {name: Blocks(*np.concatenate(parts, axis=1)) for name, parts in rows.items()}


def first_worse(own: Array, other: Array, block: int) -> int | None:
    """First step of the first block in which one loses more than the other, by two standard errors.

    Both are bits (B, K) on the same sequences.
    """
    for place in range(own.shape[1]):
        if is_above(*mean_and_error(own[:, place] - other[:, place])):
            return place * block
    return None

"""Costs of long sequences, block by block.

Legend: B sequences, K blocks.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from ntmlab.evaluation.bits import Array, cost_bits, mean_and_error
from ntmlab.evaluation.compare import predict
from ntmlab.evaluation.evaluate import SEQUENCES_AT_ONCE, STEPS_AT_ONCE
from ntmlab.sequences import Predictor
from ntmlab.studies.finite import finite_divergence
from ntmlab.tasks import DynamicNGrams

SURE: Final = 2.0  # standard errors


class Blocks(NamedTuple):
    """What a predictor cost on sequences, by block, in bits, (B, K) each."""

    cost: Array
    gap: Array  # paired difference to the optimum
    divergence: Array  # KL(optimal || model), summed


def run_blocks(
    task: DynamicNGrams,
    predictors: Mapping[str, Predictor],
    sequences: int,
    seed: int,
    block: int,
) -> dict[str, Blocks]:
    """Bits by block of each predictor on the first sequences of a seed; a last block may be short.

    Each against the optimum of ``task``. Raises InputError if a loss is infinite.
    """
    rows: dict[str, list[Array]] = {name: [] for name in predictors}
    at_once = max(1, min(SEQUENCES_AT_ONCE, STEPS_AT_ONCE // task.length))
    starts = np.arange(0, task.length, block)
    for start in range(0, sequences, at_once):
        batch = task.sample(min(at_once, sequences - start), seed, start)
        mask, targets = batch.mask.numpy(), batch.targets.numpy()
        q = predict(task.optimal(), batch, "optimal")
        best = cost_bits(q, targets, mask)
        for name, predictor in predictors.items():
            p = predict(predictor, batch, name)
            cost = cost_bits(p, targets, mask)
            steps = np.stack([cost, cost - best, finite_divergence(q, p, mask, name)])
            rows[name].append(np.add.reduceat(steps, starts, axis=2))
    return {name: Blocks(*np.concatenate(parts, axis=1)) for name, parts in rows.items()}


def first_worse(own: Array, other: Array, block: int) -> int | None:
    """First step of the first block in which one loses more than the other, by two standard errors.

    Both are bits (B, K) on the same sequences.
    """
    for place in range(own.shape[1]):
        mean, error = mean_and_error(own[:, place] - other[:, place])
        if mean > SURE * error:
            return place * block
    return None

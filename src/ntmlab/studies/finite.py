"""Divergences of which a mean can be told.

Legend: B sequences, T time.
"""

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.scored import Batch, Steps


def known_optimum(batch: Batch) -> Steps:
    """The optimum on some sequences; raises InputError where the task's is not known."""
    if batch.optimal is None:
        raise InputError("this task's optimal predictor is not known; a loss is measured from it")
    return batch.optimal


def finite_divergence(steps: Steps, name: str) -> Array:
    """KL(optimal || model) in bits per step, (B, T); raises InputError where it is infinite."""
    divergence = steps.divergence
    if divergence is None or not np.isfinite(divergence).all():
        raise InputError(
            f"predictor {name} gives a probability of exactly 0 or 1 where the optimum does not, "
            "so that its loss is infinite; keep its predictions within 1e-9 and 1 - 1e-9"
        )
    return divergence

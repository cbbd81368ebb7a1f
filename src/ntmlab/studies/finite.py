"""What a loss can be told of: models that see the past alone, and finite divergences.

Legend: B sequences, T time.
"""

from collections.abc import Mapping

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.scored import Batch, Oracle, Steps
from ntmlab.sequences import Predictor


def check_reachable(predictors: Mapping[str, Predictor]) -> None:
    """Raises InputError for what knows the drawn parameters: it loses nothing."""
    for name, predictor in predictors.items():
        if isinstance(predictor, Oracle):
            raise InputError(
                f"{name} knows what no model can know and loses nothing to the optimum; "
                "ntmlab evaluate says what it costs"
            )


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

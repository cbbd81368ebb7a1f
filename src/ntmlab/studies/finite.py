"""Divergences of which a mean can be told.

Legend: B sequences, T time, O target bits a step.
"""

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array, Bits, divergence_bits


def finite_divergence(q: Array, p: Array, mask: Bits, name: str) -> Array:
    """KL(optimal || model) in bits per step, (B, T).

    Raises InputError where it is infinite: no mean of it could be told.
    """
    divergence = divergence_bits(q, p, mask)
    if not np.isfinite(divergence).all():
        raise InputError(
            f"predictor {name} gives a probability of exactly 0 or 1 where the optimum does not, "
            "so that its loss is infinite; keep its predictions within 1e-9 and 1 - 1e-9"
        )
    return divergence

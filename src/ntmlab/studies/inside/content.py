"""What a memory's content may hold: functions of the counts.

Legend: B sequences, T time, K contexts.
"""

import numpy as np

from ntmlab.evaluation.bits import Array
from ntmlab.studies.inside.usage import Usage


def count_targets(
    usage: Usage, prior: tuple[float, ...] = (0.5, 0.5), seed: int = 0
) -> dict[str, Array]:
    """Functions of the counts N1 and N0 at each step, (B, T), 0 where there is no context.

    Of the step's own context, a and b being the prior's numbers of a one and of a zero: ``logit``,
    log((N1 + a)/(N0 + b)), the optimal prediction; ``ratio``, (N1 + a)/(N1 + N0 + a + b);
    ``difference``, N1 - N0; ``ones`` and ``zeros``, log(1 + N1) and log(1 + N0); ``total``,
    log(1 + N1 + N0). As controls the logits of ``another context``, drawn at random at each step,
    and of the same context in ``another sequence``, the next one.
    """
    own = usage.contexts
    size = usage.ones.shape[2]
    other = (own + np.random.default_rng(seed).integers(1, max(2, size), own.shape)) % size
    ones, zeros = _at(usage.ones, own), _at(usage.zeros, own)
    strange = np.roll(usage.ones, -1, 0), np.roll(usage.zeros, -1, 0)
    one, zero = prior

    def logit(ones: Array, zeros: Array) -> Array:
        return np.asarray(np.log((ones + one) / (zeros + zero)))

    targets = {
        "logit": logit(ones, zeros),
        "ratio": (ones + one) / (ones + zeros + one + zero),
        "difference": ones - zeros,
        "ones": np.log1p(ones),
        "zeros": np.log1p(zeros),
        "total": np.log1p(ones + zeros),
        "another context": logit(_at(usage.ones, other), _at(usage.zeros, other)),
        "another sequence": logit(*(_at(part, own) for part in strange)),
    }
    return {name: np.where(usage.contexts >= 0, v, 0.0) for name, v in targets.items()}


def _at(counts: np.ndarray, context: np.ndarray) -> Array:
    """Counts (B, T, K) of a context at each step, (B, T)."""
    found = np.take_along_axis(counts, context[..., None], axis=-1)[..., 0]
    return np.asarray(found, dtype=np.float64)

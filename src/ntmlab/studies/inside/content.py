"""What can be read off a memory's content: linear fits of counts, scored on other sequences.

Legend: B sequences, T time, F features, K contexts, S steps.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.ratios import Profile, Ratio
from ntmlab.studies.inside.usage import Usage

# Ridge penalty as a part of the features' mean square: keeps the fit finite where two features
# are the same, and is far too small to matter elsewhere.
RIDGE: Final = 1e-6


def count_targets(usage: Usage, seed: int = 0) -> dict[str, Array]:
    """Functions of the counts N1 and N0 at each step, (B, T), 0 where there is no context.

    Of the step's own context: ``logit``, log((N1 + ½)/(N0 + ½)), the optimal prediction;
    ``ratio``, (N1 + ½)/(N1 + N0 + 1); ``difference``, N1 - N0; ``ones`` and ``zeros``,
    log(1 + N1) and log(1 + N0); ``total``, log(1 + N1 + N0). As controls the logits of
    ``another context``, drawn at random at each step, and of the same context in ``another
    sequence``, the next one.
    """
    own = np.maximum(usage.contexts, 0)
    size = usage.ones.shape[2]
    other = (own + np.random.default_rng(seed).integers(1, max(2, size), own.shape)) % size
    ones, zeros = _at(usage.ones, own), _at(usage.zeros, own)
    strange = np.roll(usage.ones, -1, 0), np.roll(usage.zeros, -1, 0)
    targets = {
        "logit": _logit(ones, zeros),
        "ratio": (ones + 0.5) / (ones + zeros + 1),
        "difference": ones - zeros,
        "ones": np.log1p(ones),
        "zeros": np.log1p(zeros),
        "total": np.log1p(ones + zeros),
        "another context": _logit(_at(usage.ones, other), _at(usage.zeros, other)),
        "another sequence": _logit(*(_at(part, own) for part in strange)),
    }
    return {name: np.where(usage.contexts >= 0, v, 0.0) for name, v in targets.items()}


def explained(
    features: Array, targets: Mapping[str, Array], kept: np.ndarray
) -> dict[str, Profile]:
    """R² of linear fits from features (B, T, F) to each target (B, T), with standard errors.

    Half of the sequences are fitted and the other half predicted, and the other way round; R² is
    one less the squared errors of all predictions over the squares about the mean. Only steps
    ``kept`` (B, T) count. Raises InputError for fewer than four sequences.
    """
    half = len(features) // 2
    if half < 2:
        raise InputError(f"a fit needs at least 4 sequences, not {len(features)}")
    names = list(targets)
    values = np.stack([targets[name] for name in names], axis=-1)  # (B, T, targets)
    errors = np.empty_like(values)
    halves = (slice(None, half), slice(half, None))
    for fitted, predicted in (halves, halves[::-1]):
        weights = _fit(features[fitted][kept[fitted]], values[fitted][kept[fitted]])
        errors[predicted] = values[predicted] - _with_one(features[predicted]) @ weights
    about = values - values[kept].mean(0)
    counted = kept[..., None]
    ratio = Ratio(
        np.where(counted, errors**2, 0).sum(1), np.where(counted, about**2, 0).sum(1)
    ).profile()
    return {
        name: Profile(1 - ratio.mean[i], ratio.se[i], kept.sum()) for i, name in enumerate(names)
    }


def _fit(features: Array, values: Array) -> Array:
    """Ridge weights (F + 1, targets), the last row the constant."""
    design = _with_one(features)  # (S, F + 1)
    square = design.T @ design
    square += RIDGE * np.trace(square) / len(square) * np.eye(len(square))
    return np.asarray(np.linalg.solve(square, design.T @ values))


def _with_one(features: Array) -> Array:
    return np.concatenate([features, np.ones_like(features[..., :1])], axis=-1)


def _at(counts: np.ndarray, context: np.ndarray) -> Array:
    """Counts (B, T, K) of a context at each step, (B, T)."""
    found = np.take_along_axis(counts, context[..., None], axis=-1)[..., 0]
    return np.asarray(found, dtype=np.float64)


def _logit(ones: Array, zeros: Array) -> Array:
    return np.asarray(np.log((ones + 0.5) / (zeros + 0.5)))

"""What can be read off features: linear fits, scored on other sequences.

Legend: B sequences, T time, F features, S steps.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.ratios import Profile, Ratio

# Ridge penalty as a part of the features' mean square about their means: keeps the fit finite where
# two features are the same, and is far too small to matter elsewhere.
RIDGE: Final = 1e-6


def explained(
    features: Array,
    targets: Mapping[str, Array],
    kept: np.ndarray,
    ridges: Sequence[float] = (RIDGE,),
) -> dict[str, Profile]:
    """R² of linear fits from features (B, T, F) to each target (B, T), with standard errors.

    Half of the sequences are fitted and the other half predicted, and the other way round; R² is
    one less the squared errors of all predictions over the squares about the mean. Only steps
    ``kept`` (B, T) count. Of several penalties each target has the one that predicts it best; none
    is on the constant, so that neither where features lie nor where a target does matters.
    Raises InputError for fewer than four sequences.
    """
    half = len(features) // 2
    if half < 2:
        raise InputError(f"a fit needs at least 4 sequences, not {len(features)}")
    names = list(targets)
    values = np.stack([targets[name] for name in names], axis=-1)  # (B, T, targets)
    errors = np.empty((len(ridges), *values.shape))
    halves = (slice(None, half), slice(half, None))
    for fitted, predicted in (halves, halves[::-1]):
        rows = features[fitted][kept[fitted]], values[fitted][kept[fitted]]
        design = _with_one(features[predicted])
        for i, weights in enumerate(_fits(*rows, ridges)):
            errors[i, predicted] = values[predicted] - design @ weights
    about = values - values[kept].mean(0)
    counted = kept[..., None]
    squares = np.where(counted, about**2, 0).sum(1)
    every = [Ratio(np.where(counted, own**2, 0).sum(1), squares).profile() for own in errors]
    best = np.argmin([ratio.mean for ratio in every], axis=0)
    return {
        name: Profile(1 - every[best[i]].mean[i], every[best[i]].se[i], kept.sum())
        for i, name in enumerate(names)
    }


def _fits(features: Array, values: Array, ridges: Sequence[float]) -> Iterator[Array]:
    """Weights (F + 1, targets) for each penalty; the last row is the constant, which has none."""
    middle, level = features.mean(0), values.mean(0)
    apart = features - middle  # (S, F)
    square, aims = apart.T @ apart, apart.T @ (values - level)
    unit = (np.trace(square) / len(square) or 1.0) * np.eye(len(square))
    for ridge in ridges:
        weights = np.linalg.solve(square + ridge * unit, aims)
        yield np.vstack([weights, level - middle @ weights])


def _with_one(features: Array) -> Array:
    return np.concatenate([features, np.ones_like(features[..., :1])], axis=-1)

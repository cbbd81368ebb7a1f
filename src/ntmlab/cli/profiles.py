"""Means with errors as JSON values."""

from typing import Any

import numpy as np

from ntmlab.evaluation.compare import Profile


def profile_json(profile: Profile) -> dict[str, Any]:
    """Mean, error and steps as lists or numbers, null where there is none."""
    return {name: plain(np.asarray(values)) for name, values in profile._asdict().items()}


def plain(values: np.ndarray) -> Any:
    """An array as nested lists, null for what is not finite: JSON has no infinity."""
    if values.ndim:
        return [plain(value) for value in values]
    return values.item() if np.isfinite(values) else None

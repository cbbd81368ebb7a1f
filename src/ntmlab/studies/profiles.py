"""Means with errors as JSON values, and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ntmlab.evaluation.ratios import Profile


def profile_json(profile: Profile) -> dict[str, Any]:
    """Mean, error and steps as lists or numbers, null where there is none."""
    return {name: plain(np.asarray(values)) for name, values in profile._asdict().items()}


def read_profile(record: Mapping[str, Any]) -> Profile:
    """The profile that `profile_json` wrote; not a number where it has null."""
    mean, error = (np.array(record[name], dtype=np.float64) for name in ("mean", "se"))
    return Profile(mean, error, np.array(record["steps"], dtype=np.int64))


def finite(value: Any) -> Any:
    """JSON values with null for numbers that are not finite: JSON has no infinity."""
    if isinstance(value, dict):
        return {key: finite(own) for key, own in value.items()}
    if isinstance(value, list):
        return [finite(own) for own in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def plain(values: np.ndarray) -> Any:
    """An array as nested lists, null for what is not finite."""
    return finite(values.tolist())

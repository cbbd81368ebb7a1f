"""Means with errors as JSON values, and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ntmlab.evaluation.ratios import Profile
from ntmlab.records import finite


def profile_json(profile: Profile) -> dict[str, Any]:
    """Mean, error and steps as lists or numbers, null where there is none."""
    return {name: plain(np.asarray(values)) for name, values in profile._asdict().items()}


def read_profile(record: Mapping[str, Any]) -> Profile:
    """The profile that `profile_json` wrote; not a number where it has null."""
    mean, error = (np.array(record[name], dtype=np.float64) for name in ("mean", "se"))
    return Profile(mean, error, np.array(record["steps"], dtype=np.int64))


def plain(values: np.ndarray) -> Any:
    """An array as nested lists, null for what is not finite."""
    return finite(values.tolist())

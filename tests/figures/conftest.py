"""Comparisons made by hand: their divergences are where the tests put them."""

import numpy as np
import pytest

from ntmlab.evaluation import Comparison

LENGTH = 60


@pytest.fixture
def comparison():
    """Two sequences; on the second, A departs at 40 and 12, and B at 30, 12 and 50, most first."""
    generator = np.random.default_rng(0)
    targets = generator.integers(0, 2, (2, LENGTH, 1)).astype(np.float32)
    optimal = generator.uniform(0.3, 0.7, (2, LENGTH, 1))
    optimal[1, [12, 30, 40, 50], 0] = 0.5
    a, b = optimal.copy(), optimal.copy()
    a[1, [12, 40], 0] = 0.02, 0.01
    b[1, [12, 30, 50], 0] = 0.98, 0.999, 0.97
    probabilities = {"Optimal": optimal, "A": a, "B": b}
    inputs, mask = np.zeros_like(targets), np.ones((2, LENGTH), np.float32)
    return Comparison(inputs, targets, mask, probabilities, "Optimal")

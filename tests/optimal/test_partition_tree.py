"""Partition tree weighting: the published figure of its reference implementation."""

import numpy as np
import pytest

from ntmlab.optimal import PartitionTree


@pytest.mark.slow
def test_redundancy_on_seven_coins():
    """Seven coins of uniform bias, one of them drawn anew at a rate of 0.005, for 5,000 bits.

    Published: 157.2 ± 0.8 nats above the coins' own cost.
    """
    random, rows = np.random.default_rng(0), 400
    biases, coin = random.random((rows, 7)), random.integers(0, 7, rows)
    exact, every = PartitionTree(2, 13), np.arange(rows)
    state, redundancy = exact.start(rows), np.zeros(rows)
    for _ in range(5000):
        true = biases[every, coin]
        bits = (random.random(rows) < true).astype(np.int64)
        foreseen = exact.predict(state)[every, bits]
        redundancy += np.log(np.where(bits == 1, true, 1 - true) / foreseen)
        state = exact.advance(state, bits)
        coin = np.where(random.random(rows) < 0.005, random.integers(0, 7, rows), coin)
    error = np.hypot(redundancy.std() / rows**0.5, 0.8)
    assert redundancy.mean() == pytest.approx(157.2, abs=4 * error)

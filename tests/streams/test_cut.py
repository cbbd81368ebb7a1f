"""Sequences cut from a file's symbols: from anywhere in it, and round its end to its start."""

import numpy as np
import pytest

from ntmlab.streams.own_data import OwnData, usual_depth


@pytest.mark.parametrize("size", [1, 7, 199, 200, 201, 250])
def test_a_cut_may_begin_at_any_symbol_and_goes_on_from_the_start(size):
    first = np.arange(size, dtype=np.uint8)
    task = OwnData(256, first.tobytes())
    drawn = task.draw(4000, np.random.default_rng(0)).symbols.astype(int)
    assert drawn.shape == (4000, 200)
    assert (drawn[:, 1:] == (drawn[:, :-1] + 1) % size).all()
    assert set(drawn[:, 0].tolist()) == set(range(size))


def test_the_usual_depth_has_at_most_65536_contexts():
    depths = {2: 16, 4: 8, 9: 5, 16: 4, 17: 3, 40: 3, 41: 2, 256: 2}
    assert {letters: usual_depth(letters) for letters in depths} == depths

"""Targets above outputs: what the artists show."""

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.studies.generalise.measure import Pair
from ntmlab.studies.generalise.picture import generalise, packed, wrong


def test_wrong_bits_are_framed_where_they_are():
    targets = np.array([[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    outputs = np.array([[0.1, 0.9], [0.2, 0.8], [0.6, 0.4]])
    ((upper, lower),) = generalise([Pair("length 3", targets, outputs)])
    assert wrong(Pair("", targets, outputs)).tolist() == [[1, 0], [2, 0]]
    frames = [p for p in lower.patches if p.get_gid() == "wrong"]
    assert [p.get_xy() for p in frames] == [(0.5, -0.5), (1.5, -0.5)]
    assert "2 wrong of 6 bits" in upper.get_title(loc="left")
    np.testing.assert_array_equal(upper.images[0].get_array(), targets.T)
    np.testing.assert_array_equal(lower.images[0].get_array(), outputs.T)


def test_short_pairs_share_a_row():
    assert packed([10, 20, 30, 50, 120]) == [[0, 1, 2, 3], [4]]
    assert packed([5]) == [[0]]
    sizes = [10, 20, 30, 50, 120]
    pairs = [Pair(f"length {n}", np.zeros((n, 8)), np.zeros((n, 8))) for n in sizes]
    axes = generalise(pairs)
    assert len(axes) == 5
    assert all("no wrong bit" in upper.get_title(loc="left") for upper, _ in axes)


def test_wrong_pairs_are_refused():
    with pytest.raises(InputError, match="no target"):
        generalise([])
    with pytest.raises(InputError, match="length 2"):
        generalise([Pair("length 2", np.zeros((2, 3)), np.zeros((3, 3)))])


def test_notes_stand_beneath_all():
    ((upper, _),) = generalise([Pair("", np.zeros((3, 2)), np.zeros((3, 2)))], notes=["one", "two"])
    (text,) = upper.figure.findobj(lambda artist: artist.get_gid() == "notes")
    assert text.get_text() == "one\ntwo"

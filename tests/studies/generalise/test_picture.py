"""Targets above outputs: what the artists show."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.axes import Axes

from ntmlab import InputError
from ntmlab.figures.width import printed_at
from ntmlab.studies.generalise.measure import Pair
from ntmlab.studies.generalise.picture import generalise, packed, wrong


def test_wrong_bits_are_black_in_a_strip_of_their_own():
    targets = np.array([[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    outputs = np.array([[0.1, 0.9], [0.2, 0.8], [0.6, 0.4]])
    ((upper, lower),) = generalise([Pair("length 3", targets, outputs)])
    assert wrong(Pair("", targets, outputs)).tolist() == [[1, 0], [2, 0]]
    (lowest,) = upper.figure.findobj(lambda artist: artist.get_label() == "wrong: length 3")
    np.testing.assert_array_equal(lowest.images[0].get_array(), [[0, 1, 1], [0, 0, 0]])
    assert "2 wrong of 6 bits" in upper.get_title(loc="left")
    np.testing.assert_array_equal(upper.images[0].get_array(), targets.T)
    np.testing.assert_array_equal(lower.images[0].get_array(), outputs.T)


def upper_figure(axes):
    return axes[0][0].get_figure(root=True)


def test_short_pairs_share_a_row():
    assert packed([10, 20, 30, 50, 120]) == [[0, 1, 2, 3], [4]]
    assert packed([5]) == [[0]]
    sizes = [10, 20, 30, 50, 120]
    pairs = [Pair(f"length {n}", np.zeros((n, 8)), np.zeros((n, 8))) for n in sizes]
    axes = generalise(pairs)
    assert len(axes) == 5
    assert all("no wrong bit" in upper.get_title(loc="left") for upper, _ in axes)
    assert not upper_figure(axes).findobj(lambda artist: "wrong:" in str(artist.get_label()))


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_short_pairs_are_read_as_long_ones_are(size):
    """They had as much white between them as six steps, and numbers between steps."""
    pair = Pair("one", np.zeros((size, 4)), np.zeros((size, 4)))
    axes = generalise([pair, pair])
    figure = upper_figure(axes)
    figure.draw_without_rendering()
    (left, below), (right, _) = axes
    width = left.get_window_extent().width
    white = right.get_window_extent().x0 - left.get_window_extent().x1
    assert white <= width
    inside = [at for at in below.get_xticks() if -0.5 <= at <= size - 0.5]
    assert inside == sorted({int(at) for at in inside})
    assert inside


@pytest.mark.parametrize("right", [True, False])
def test_titles_and_keys_in_a_column_do_not_meet(right):
    sizes = [10, 20, 30, 50, 120]
    pairs = [Pair(f"length {n}", np.eye(n, 8) * right, np.eye(n, 8)) for n in sizes]
    with printed_at(3.3):
        axes = generalise(pairs)
    figure = upper_figure(axes)
    figure.draw_without_rendering()
    boxes = [upper._left_title.get_window_extent() for upper, _ in axes]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert all(box.x1 <= figure.bbox.x1 for box in boxes)
    strips = [ax for pair in axes for ax in pair]
    numbers = [
        label.get_window_extent()
        for key in figure.findobj(Axes)
        if key.get_label() == "key"
        for label in key.get_yticklabels()
    ]
    assert len(numbers) == 2 * len(strips)  # 0 and 1
    assert not any(ax.get_window_extent().overlaps(box) for ax in strips for box in numbers)


@pytest.mark.parametrize("right", [True, False])
def test_steps_are_numbered_beneath_the_lowest_strip_of_a_pair_alone(right):
    axes = generalise([Pair("length 4", np.eye(4) * right, np.eye(4))])
    figure = upper_figure(axes)
    figure.draw_without_rendering()
    strips = [ax for ax in figure.axes[0].child_axes if ax.get_label().endswith(": length 4")]
    strips.sort(key=lambda ax: -ax.get_position().y0)
    names = ["targets", "outputs"] if right else ["targets", "outputs", "wrong"]
    assert [ax.get_label().partition(":")[0] for ax in strips] == names
    numbered = [any(t.label1.get_visible() for t in ax.xaxis.get_major_ticks()) for ax in strips]
    assert numbered == [*[False] * (len(strips) - 1), True]
    assert [ax.get_xlabel() for ax in strips] == [*[""] * (len(strips) - 1), "answer step"]


def test_wrong_pairs_are_refused():
    with pytest.raises(InputError, match="no target"):
        generalise([])
    with pytest.raises(InputError, match="length 2"):
        generalise([Pair("length 2", np.zeros((2, 3)), np.zeros((3, 3)))])


def test_notes_stand_beneath_all():
    ((upper, _),) = generalise([Pair("", np.zeros((3, 2)), np.zeros((3, 2)))], notes=["one", "two"])
    (text,) = upper.figure.findobj(lambda artist: artist.get_gid() == "notes")
    assert text.get_text() == "one\ntwo"

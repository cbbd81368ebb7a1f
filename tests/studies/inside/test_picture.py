"""The study of a memory, drawn."""

import numpy as np
import pytest

from ntmlab.errors import InputError
from ntmlab.evaluation.ratios import Profile
from ntmlab.figures.width import printed_at
from ntmlab.studies.inside.picture import InsideView, inside, slot_order
from tests.studies.panels import places_in_rows

K, N = 4, 7


def profile(values):
    values = np.asarray(values, float)
    return Profile(values, np.full(values.shape, 0.01), np.full(values.shape, 100))


@pytest.fixture
def view():
    read = np.zeros((K, N))
    read[np.arange(K), [5, 2, 5, 0]] = 0.8
    strengths = {"weight": profile([0.5, 0.4, 0.3, 0.9]), "peak": profile([0.6, 0.6, 0.6, 0.6])}
    explained = {"logit": profile(0.9), "another context": profile(-0.1)}
    adds = {"opposite": profile(-0.5), "same": profile(0.9)}
    change = np.array([0, 0, 0.9, 0.1, 0, 0])
    return InsideView(read, 0.5 * read, 2, 2, change, strengths, explained, adds)


def image(ax):
    (found,) = ax.images
    return found


def test_matrices_have_slots_in_the_order_of_the_contexts(view):
    assert slot_order(view.read).tolist() == [5, 2, 0, 1, 3, 4, 6]
    axes = inside(view)
    for name in ("read", "write"):
        shown = np.asarray(image(axes[name]).get_array())
        np.testing.assert_array_equal(shown, getattr(view, name)[:, slot_order(view.read)])
    labels = [text.get_text() for text in axes["read"].get_yticklabels()]
    assert labels == ["00", "01", "10", "11"]
    assert "2 steps after" in axes["write"].get_title(loc="left")


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (None, [["read", "write"], ["change", "strength", "content", "adds"]]),
        (7.0, [["read", "write"], ["change", "strength"], ["content", "adds"]]),
        (3.3, [["read"], ["write"], ["change"], ["strength"], ["content"], ["adds"]]),
    ],
)
def test_panels_stand_in_rows_from_left_to_right(view, width, rows):
    with printed_at(width):
        axes = inside(view)
    place = places_in_rows(axes, rows)
    heights = [place[row[0]].height for row in rows]
    assert min(heights[0], place["write"].height) > max(place["change"].height, heights[-1])
    if width == 7.0:
        assert heights[1] == pytest.approx(heights[2])


def test_faint_weightings_are_seen_and_one_is_black(view):
    shown = image(inside(view)["read"])
    grey = [shown.cmap(shown.norm(value))[0] for value in (0.0, 0.01, 1.0)]
    assert grey[0] == 1
    assert grey[1] == pytest.approx(0.9, abs=0.01)
    assert grey[2] == 0


def test_panels_show_the_numbers(view):
    axes = inside(view)
    assert [bar.get_height() for bar in axes["change"].patches] == view.change.tolist()
    assert [bar.get_height() for bar in axes["adds"].patches] == [-0.5, 0.9]
    assert [bar.get_width() for bar in axes["content"].patches] == [0.9, 0]
    assert [text.get_text() for text in axes["content"].texts] == ["0.90", "-0.10"]
    names = [text.get_text() for text in axes["content"].get_yticklabels()]
    assert names == ["log (N1+½)/(N0+½)", "another context"]
    line = axes["strength"].get_lines()[0]
    assert line.get_xdata().tolist() == [1, 2, 3]  # the last bin holds all later visits
    assert line.get_ydata().tolist() == [0.5, 0.4, 0.3]
    axes["read"].figure.draw_without_rendering()


def test_visits_of_few_steps_are_left_out(view):
    few = profile([0.5, 0.4, 0.3, 0.9])._replace(steps=np.array([100, 19, 20, 100]))
    axes = inside(view._replace(strengths={"weight": few}))
    assert axes["strength"].get_lines()[0].get_xdata().tolist() == [1, 3]


def test_matrices_that_do_not_agree_are_refused(view):
    with pytest.raises(InputError, match="contexts by slots"):
        inside(view._replace(write=view.write[:, 1:]))

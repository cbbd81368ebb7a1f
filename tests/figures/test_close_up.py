"""The second panel of the strips: the steps about the arrows, larger."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from ntmlab.evaluation import Comparison
from ntmlab.figures import strips
from ntmlab.figures.rows import CLOSE_UP_STEPS, arrange, enlarged

LENGTH = 200


def departing(models, length=LENGTH):
    """A comparison in which models depart from an optimum of one half at some steps."""
    half = np.full((1, length, 1), 0.5)
    probabilities = {"Optimal": half}
    for name, steps in models.items():
        probabilities[name] = half.copy()
        for step, p in steps.items():
            probabilities[name][0, step, 0] = p
    bits = np.random.default_rng(1).integers(0, 2, (1, length, 1)).astype(np.float32)
    mask = np.ones((1, length), np.float32)
    return Comparison(np.zeros_like(bits), bits, mask, probabilities, "Optimal")


def arrows(ax):
    found = [text.get_gid() for text in ax.texts if (text.get_gid() or "").startswith("arrow/")]
    return [(name, int(step)) for _, name, step in (gid.split("/") for gid in found)]


def frames(ax):
    return [patch for patch in ax.patches if patch.get_gid() == "close-up"]


def test_the_steps_about_the_arrows_are_drawn_larger_and_framed_in_both():
    comparison = departing({"A": {100: 0.9, 130: 0.8}, "B": {20: 0.7, 125: 0.75}})
    ax = strips(comparison)
    above, below = ax.figure.axes
    assert above is ax
    assert above.get_xlim() == (-0.5, 199.5)
    start, stop = (int(edge + 0.5) for edge in below.get_xlim())
    assert stop - start == CLOSE_UP_STEPS
    assert arrows(above) == [("A", 100), ("A", 130), ("B", 20), ("B", 125)]
    assert arrows(below) == [("A", 100), ("A", 130), ("B", 125)]
    for image, whole in zip(below.images, above.images, strict=True):
        np.testing.assert_array_equal(image.get_array()[0], whole.get_array()[0, start:stop])
    digits = [text for text in below.texts if text.get_gid() == "symbol"]
    bits = comparison.targets[0, start:stop, 0]
    assert [int(text.get_text()) for text in digits] == bits.tolist()
    for panel in (above, below):
        (frame,) = frames(panel)
        assert (frame.get_x(), frame.get_width()) == (start - 0.5, CLOSE_UP_STEPS)
        (bar,) = [key for key in panel.child_axes if key.get_label() == "key"]
        assert bar.get_ylim() == (0, 1)
    (caption,) = [text for text in below.texts if text.get_gid() == "caption"]
    assert "Departures in bits" in caption.get_text()


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ({100: 0.9}, range(83, 119)),  # in the middle
        ({0: 0.9}, range(36)),  # at the edges of the sequence
        ({199: 0.9, 2: 0.7}, range(164, 200)),
        ({100: 0.9, 150: 0.8}, range(83, 119)),  # too far apart: the larger
        ({100: 0.9, 135: 0.8}, range(100, 136)),  # just together
        ({100: 0.9, 80: 0.8}, range(73, 109)),
    ],
)
def test_the_stretch_holds_the_largest_departure_and_as_many_arrows_as_it_can(steps, expected):
    shown = arrange(departing({"A": steps}), 0, None, 2, None)
    assert enlarged(shown).steps in (expected, range(expected.start - 1, expected.stop - 1))


def test_none_where_it_is_not_wanted_or_shows_nothing_more():
    comparison = departing({"A": {100: 0.9}})
    for options in ({"close_up": False}, {"arrows": 0}, {"window": (90, 126)}):
        ax = strips(comparison, **options)
        assert ax.figure.axes == [ax]
        assert not frames(ax)
    short = departing({"A": {10: 0.9}}, 2 * CLOSE_UP_STEPS - 1)  # read as they are
    assert len(strips(short).figure.axes) == 1
    alike = departing({"A": {}})
    assert len(strips(alike).figure.axes) == 1
    given = Figure().add_subplot()
    strips(comparison, ax=given)
    assert given.figure.axes == [given]


@pytest.mark.parametrize("step", [110, 120, 129, 131, 133, 135])
def test_sizes_keep_clear_of_the_frame(step):
    ax = strips(departing({"A": {100: 0.99, step: 0.9}}))
    ax.figure.draw_without_rendering()
    box = frames(ax)[0].get_window_extent()
    written = [text for text in ax.texts if (text.get_gid() or "").startswith("size/")]
    assert len(written) == 2
    for text in written:
        own = text.get_window_extent()
        assert not any(own.x0 < edge < own.x1 for edge in (box.x0, box.x1))


def test_nothing_overlaps():
    """On the finished page: panels, labels, frames and caption under each other."""
    ax = strips(departing({"A": {100: 0.9, 130: 0.8}, "B": {20: 0.7, 195: 0.75}}), about="Say.")
    ax.figure.draw_without_rendering()
    above, below = ax.figure.axes
    (caption,) = [text for text in below.texts if text.get_gid() == "caption"]
    tail = min(a.arrow_patch.get_window_extent().y0 for a in above.texts if "arrow" in a.get_gid())
    ticks = [tick.get_window_extent() for tick in above.get_xticklabels()]
    edges = [
        tail,
        max(tick.y1 for tick in ticks),
        min(tick.y0 for tick in ticks),
        above.xaxis.label.get_window_extent().y1,
        above.xaxis.label.get_window_extent().y0,
        frames(below)[0].get_window_extent().y1,
        below.xaxis.label.get_window_extent().y0,
        caption.get_window_extent().y1,
        caption.get_window_extent().y0,
        0,
    ]
    assert edges == sorted(edges, reverse=True)

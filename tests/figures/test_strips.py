"""The strips: artists, not pixels."""

import dataclasses
import warnings
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from ntmlab import compare, make_task
from ntmlab.errors import InputError
from ntmlab.evaluation import Comparison
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.figures import strip_arrays, strips
from ntmlab.figures.captions import costs
from ntmlab.figures.style import ARROW_RED
from ntmlab.sequences import next_symbol


def arrows(ax):
    """(model, step, tip, tail) of each arrow, top to bottom."""
    found = [text for text in ax.texts if (text.get_gid() or "").startswith("arrow/")]
    assert all(to_hex(text.arrow_patch.get_facecolor()) == ARROW_RED for text in found)
    return [(a.get_gid().split("/")[1], a.xy[0], a.xy[1], a.xyann[1]) for a in found]


def caption(ax):
    (text,) = [text.get_text() for text in ax.texts if text.get_gid() == "caption"]
    return " ".join(text.split())


def edges(image):
    """Upper and lower edge of a strip on the downward axis."""
    _, _, bottom, top = image.get_extent()
    return top, bottom


def test_rows_are_the_arrays_from_top_to_bottom(comparison):
    ax = strips(comparison, 1)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Input", "Optimal", "A", "B"]
    expected = [comparison.targets, *comparison.probabilities.values()]
    for image, values in zip(ax.images, expected, strict=True):
        np.testing.assert_array_equal(image.get_array()[0], values[1, :, 0])
        assert image.get_extent()[:2] == [-0.5, 59.5]  # one column a step, the step at its middle
    assert ax.yaxis_inverted()
    flat = [edge for image in ax.images for edge in edges(image)]
    assert all(upper < lower for upper, lower in pairwise(flat))


@pytest.mark.parametrize("window", [None, (20, 45)])
def test_every_strip_has_a_frame_about_it(comparison, window):
    ax = strips(comparison, 1, window=window, ax=Figure().add_subplot())
    frames = [patch.get_extents() for patch in ax.patches if patch.get_gid() is None]
    shown = [image.get_window_extent() for image in ax.images]
    assert len(frames) == len(shown) == 4
    for frame, image in zip(frames, shown, strict=True):
        np.testing.assert_allclose(frame.get_points(), image.get_points())


@pytest.mark.parametrize("dark_is_one", [True, False])
def test_darker_means_higher_unless_turned_round(comparison, dark_is_one):
    ax = strips(comparison, dark_is_one=dark_is_one)
    of_one, of_zero = ((0, 0, 0), (1, 1, 1)) if dark_is_one else ((1, 1, 1), (0, 0, 0))
    for image in ax.images:
        assert image.cmap(image.norm(1.0))[:3] == of_one
        assert image.cmap(image.norm(0.0))[:3] == of_zero


def test_arrows_point_up_from_under_the_row_that_departs(comparison):
    ax = strips(comparison, 1)
    found = arrows(ax)
    assert [(name, step) for name, step, _, _ in found] == [
        ("A", 12), ("A", 40), ("B", 12), ("B", 30)
    ]  # fmt: skip
    under = dict(zip(["Input", *comparison.names], ax.images, strict=True))
    uppers = [edges(image)[0] for image in ax.images]
    for name, _, tip, tail in found:
        bottom = edges(under[name])[1]
        assert bottom < tip < tail < min((u for u in uppers if u > bottom), default=np.inf)
    assert max(tail for *_, tail in found) < max(ax.get_ylim())


def test_number_and_models_of_arrows(comparison):
    assert arrows(strips(comparison, 1, arrows=0)) == []
    most = arrows(strips(comparison, 1, arrows=1))
    assert [a[:2] for a in most] == [("A", 40), ("B", 30)]
    only = arrows(strips(comparison, 1, arrow_models=["B"], arrows=5))
    assert len(arrows(strips(comparison, 1, arrow_models=iter(["B"]), arrows=5))) == len(only)
    assert [a[:2] for a in only] == [("B", 12), ("B", 30), ("B", 50)]
    with pytest.raises(InputError, match="unknown model 'C'"):
        strips(comparison, arrow_models=["C"])
    with pytest.raises(InputError, match="negative"):
        strips(comparison, arrows=-1)


def test_no_arrows_where_nothing_departs_or_there_is_no_optimum(comparison):
    ax = strips(comparison, 0)
    assert arrows(ax) == []
    assert "No arrows: no marked model departs from Optimal by 0.00001 bits" in caption(ax)
    free = dataclasses.replace(comparison, reference=None)
    ax = strips(free, 1)
    assert arrows(ax) == []
    assert "no optimal predictor" in caption(ax)
    assert f"Optimal {comparison.cost('Optimal')[1].sum():.2f} · A" in caption(ax)


def test_no_arrows_without_a_model_or_a_wish(comparison):
    del comparison.probabilities["A"], comparison.probabilities["B"]
    assert "No arrows stand where only Optimal is shown." in caption(strips(comparison, 1))
    assert "No arrows were asked for." in caption(strips(comparison, 1, arrows=0))


def test_a_difference_of_nothing_is_not_negative(comparison):
    comparison.probabilities["A"][:] = comparison.probabilities["Optimal"] * (1 + 1e-9)
    assert "(+0.00)" in caption(strips(comparison))
    assert "-0.00" not in caption(strips(comparison, 1))


def test_a_single_step_has_a_whole_number(comparison):
    ax = strips(comparison, 1, window=(12, 13))
    assert [step for step in ax.get_xticks() if 11.5 <= step <= 12.5] == [12]


def test_caption_says_the_rule_the_sizes_and_the_costs_of_this_sequence(comparison):
    text = caption(strips(comparison, 1, about="The second of two."))
    assert text.startswith(
        "The second of two. Red arrows: the 2 steps a model where it departs most"
    )
    assert "departs most from Optimal, by KL(Optimal ‖ model), at least 3 steps apart." in text
    assert "A 1.8 at step 12, 2.3 at step 40 · B 1.8 at step 12, 4.0 at step 30." in text
    optimum = comparison.cost("Optimal")[1].sum()
    assert f"Optimal {optimum:.2f} ·" in text
    for name in ("A", "B"):
        cost = comparison.cost(name)[1].sum()
        assert f"{name} {cost:.2f} ({cost - optimum:+.2f})" in text


def sizes(ax):
    """The written sizes of departures by (model, step), and on which side of the arrow they are."""
    found = [text for text in ax.texts if (text.get_gid() or "").startswith("size/")]
    assert all(text.get_window_extent().x1 <= ax.get_window_extent().x1 for text in found)
    return {
        (text.get_gid().split("/")[1], text.xy[0]): (text.get_text(), text.get_ha())
        for text in found
    }


def test_the_size_of_a_departure_stands_beside_its_arrow_where_it_fits(comparison):
    comparison.probabilities["A"][1, 59, 0] = 0.0  # impossible, at the right edge
    assert sizes(strips(comparison, 1)) == {
        ("A", 40): ("2.3", "left"),
        ("A", 59): ("∞", "right"),
        ("B", 12): ("1.8", "left"),
        ("B", 30): ("4.0", "left"),
    }
    crowded = sizes(strips(comparison, 1, arrows=60))
    assert 4 < len(crowded) < 60


def test_small_departures_are_marked_and_written(comparison):
    for name in ("A", "B"):
        comparison.probabilities[name][:] = comparison.probabilities["Optimal"]
    comparison.probabilities["B"][1, 30, 0] = 0.505
    ax = strips(comparison, 1)
    assert [a[:2] for a in arrows(ax)] == [("B", 30)]
    assert "Departures in bits: A nowhere · B <0.001 at step 30." in caption(ax)


@pytest.mark.parametrize("window", [(25, 60), slice(25, None)])
def test_a_window_shows_its_steps_and_single_bits(comparison, window):
    ax = strips(comparison, 1, window=window)
    assert ax.get_xlim() == (24.5, 59.5)
    np.testing.assert_array_equal(
        ax.images[2].get_array()[0], comparison.probabilities["A"][1, 25:, 0]
    )
    digits = [text for text in ax.texts if text.get_gid() == "symbol"]
    assert [text.get_position()[0] for text in digits] == list(range(25, 60))
    assert [int(text.get_text()) for text in digits] == comparison.targets[1, 25:, 0].tolist()
    shades = {text.get_text(): to_hex(text.get_color()) for text in digits}
    assert shades == {"0": "#000000", "1": "#ffffff"}
    assert len(ax.figure.axes) == 1
    assert len(ax.collections) == 4  # borders of the cells of each row
    assert [a[:2] for a in arrows(ax)] == [("A", 40), ("B", 30), ("B", 50)]
    assert "Steps 25 to 59 of 60." in caption(ax)


@pytest.mark.parametrize("window", [(5, 5), (-1, 4), (50, 61), slice(0, 10, 2)])
def test_windows_outside_are_refused(comparison, window):
    with pytest.raises(InputError, match="window"):
        strips(comparison, window=window)


def test_many_steps_keep_the_width_and_have_no_digits():
    ones = np.ones((1, 3000, 1), np.float32)
    ax = strips(Comparison(ones, ones, ones[:, :, 0], {"A": ones * 0.5}, None))
    assert ax.figure.get_figwidth() <= 12
    assert not [text for text in ax.texts if text.get_gid() == "symbol"]


def test_value_scale_is_drawn(comparison):
    (bar,) = [key for key in strips(comparison).child_axes if key.get_label() == "key"]
    assert bar.get_ylabel() == "P(next bit = 1)"
    assert bar.get_ylim() == (0, 1)


def test_given_axes_are_drawn_on(comparison):
    given = Figure(layout="constrained").subplots(2)
    assert strips(comparison, ax=given[1]) is given[1]
    assert not given[0].images


def test_settings_of_others_stay_as_they_were(comparison):
    before = dict(mpl.rcParams)
    strips(comparison)
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("index", [-1, 2])
def test_sequences_that_are_not_there(comparison, index):
    with pytest.raises(InputError, match=f"no sequence {index}"):
        strips(comparison, index)


def test_several_bits_a_step_are_refused():
    two = np.zeros((1, 4, 2), np.float32)
    with pytest.raises(InputError, match="one symbol a step, but these sequences have 2 bits"):
        strips(Comparison(two, two, two[:, :, 0], {"A": two + 0.5}, None))


def test_arrays_behind_the_picture(comparison):
    arrays = strip_arrays(comparison, 1, window=(20, 60))
    np.testing.assert_array_equal(arrays["steps"], np.arange(20, 60))
    np.testing.assert_array_equal(arrays["bits"], comparison.targets[1, 20:, 0])
    np.testing.assert_array_equal(arrays["predictions/B"], comparison.probabilities["B"][1, 20:, 0])
    assert arrays["arrows/B"].tolist() == [30, 50]
    assert arrays["arrows/Optimal"].tolist() == []


def test_nothing_overlaps(comparison):
    """On the finished page: the caption is below the axis label, which is below the arrows."""
    ax = strips(comparison, 1)
    ax.figure.draw_without_rendering()
    (text,) = [text for text in ax.texts if text.get_gid() == "caption"]
    boxes = [a.arrow_patch.get_window_extent() for a in ax.texts if "arrow" in (a.get_gid() or "")]
    label = ax.xaxis.label.get_window_extent()
    ticks = [tick.get_window_extent() for tick in ax.get_xticklabels()]
    assert text.get_window_extent().y1 < label.y0
    assert label.y1 < min(tick.y0 for tick in ticks)
    assert max(tick.y1 for tick in ticks) < min(box.y0 for box in boxes)
    assert text.get_window_extent().y0 >= 0
    assert text.get_window_extent().x1 <= ax.figure.bbox.x1


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        ("0110", " (and above optimal): optimal 3.58 · coin 4.00 (+0.42) · one ∞ (+∞)."),
        ("00", " (optimal holds it impossible): optimal ∞ · coin 2.00 · one ∞."),
    ],
)
def test_nothing_is_above_an_optimum_that_holds_what_came_impossible(bits, said):
    """By hand: the golden mean begins with a 0 by 1/3, has no two 0s, and a 1 halves what is."""
    task = make_task("hmm:golden-mean")
    found = {name: find_predictor(name, task) for name in ("optimal", "coin")}
    found["one"] = lambda inputs: torch.ones((*inputs.shape[:2], 1), dtype=torch.float64)
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        compared = compare(next_symbol([[int(bit) for bit in bits]], 2), found)
    assert costs(compared) == f"Cost of the whole sequence in bits{said}"
    words = [str(remark.message) for remark in remarks]
    assert ["are of another source" in word for word in words] == [True] * (bits == "00")

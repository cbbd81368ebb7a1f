"""The strips: artists, not pixels."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Annotation

from ntmlab import DynamicNGrams, InputError, compare
from ntmlab.evaluation.compare import Comparison
from ntmlab.figures import strips, strips_text
from ntmlab.figures.style import ARROW
from ntmlab.optimal import ContextKT, coin

TASK = DynamicNGrams(length=100)


@pytest.fixture(scope="module")
def comparison():
    predictors = {"Optimal": TASK.optimal(), "NTM": ContextKT(6), "LSTM": ContextKT(3)}
    return compare(TASK.sample(3, seed=0), predictors)


def arrows_of(ax):
    """(step, tip, tail) of each arrow."""
    found = [a for a in ax.texts if isinstance(a, Annotation) and a.arrow_patch is not None]
    assert all(to_hex(a.arrow_patch.get_edgecolor()) == ARROW for a in found)
    return [(a.xy[0], a.xy[1], a.xyann[1]) for a in found]


def test_rows_are_the_arrays_from_top_to_bottom(comparison):
    ax = strips(comparison, index=1)
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    assert labels == ["Input", "Optimal", "NTM", "LSTM"]
    expected = [comparison.targets[1, :, 0]]
    expected += [p[1, :, 0] for p in comparison.probabilities.values()]
    for image, values in zip(ax.images, expected, strict=True):
        np.testing.assert_array_equal(image.get_array()[0], values)
        assert image.get_extent()[:2] == [-0.5, 99.5]  # one column a bit, steps at the middle
    tops = [min(image.get_extent()[2:]) for image in ax.images]
    assert tops == sorted(tops)
    assert ax.yaxis_inverted()


def test_darker_means_more_likely_unless_turned_round(comparison):
    dark = strips(comparison).images[0]
    light = strips(comparison, dark_is_one=False).images[0]
    assert dark.cmap(dark.norm(1.0))[:3] == (0, 0, 0) == light.cmap(light.norm(0.0))[:3]
    assert dark.cmap(dark.norm(0.0))[:3] == (1, 1, 1) == light.cmap(light.norm(1.0))[:3]


def test_arrows_point_up_from_under_the_row_that_departs(comparison):
    ax = strips(comparison, arrows=3)
    expected = []
    for name in ("NTM", "LSTM"):
        row = list(comparison.probabilities).index(name) + 1
        bottom = max(ax.images[row].get_extent()[2:])
        expected += [(step, bottom) for step in comparison.divergences(name, 0, 3)]
    found = arrows_of(ax)
    assert len(found) == len(expected) >= 3
    for (step, tip, tail), (at, bottom) in zip(found, expected, strict=True):
        assert step == at
        assert bottom < tip < tail  # the axis is inverted: a larger value is lower
        nexts = [min(i.get_extent()[2:]) for i in ax.images if min(i.get_extent()[2:]) > bottom]
        assert tail < min(nexts, default=np.inf)  # does not reach into the next row


def test_arrow_options(comparison):
    assert arrows_of(strips(comparison, arrows=0)) == []
    only = arrows_of(strips(comparison, arrow_models=["LSTM"]))
    assert [step for step, _, _ in only] == comparison.divergences("LSTM", 0, 2)
    with pytest.raises(InputError, match="no predictor 'GRU'"):
        strips(comparison, arrow_models=["GRU"])


def test_window_shows_single_bits(comparison):
    ax = strips(comparison, window=(40, 75))
    assert ax.get_xlim() == (39.5, 74.5)
    np.testing.assert_array_equal(ax.images[0].get_array()[0], comparison.targets[0, 40:75, 0])
    bits = "".join(text.get_text() for text in ax.texts if text.get_text())
    assert bits == "".join(f"{b:.0f}" for b in comparison.targets[0, 40:75, 0])
    assert all(40 <= step < 75 for step, _, _ in arrows_of(ax))
    assert strips(comparison, window=slice(40, 75)).get_xlim() == ax.get_xlim()
    for wrong in [(5, 5), (-1, 4), (90, 101)]:
        with pytest.raises(InputError, match="window"):
            strips(comparison, window=wrong)


def test_caption_says_the_rule_and_the_costs(comparison):
    text = strips(comparison).get_xlabel()
    assert "KL divergence" in text
    for name in comparison.names:
        assert f"{name} {comparison.cost(name)[0].sum():.2f}" in text


def test_value_scale_is_drawn(comparison):
    figure = strips(comparison).figure
    assert [ax.get_ylabel() for ax in figure.axes[1:]] == ["P(bit = 1)"]


def test_without_an_optimum_there_are_no_arrows():
    ax = strips(compare(TASK.sample(1, seed=0), {"coin": coin}))
    assert arrows_of(ax) == []
    assert "no optimal predictor" in ax.get_xlabel()


def test_draws_on_given_axes(comparison):
    from matplotlib.figure import Figure

    given = Figure().add_subplot()
    assert strips(comparison, ax=given) is given


def test_wrong_sequences_are_refused(comparison):
    with pytest.raises(InputError, match="no sequence 3"):
        strips(comparison, index=3)
    two = np.zeros((1, 4, 2), np.float32)
    wide = Comparison(two, two, two[:, :, 0] + 1, {"a": two + 0.5}, None)
    with pytest.raises(InputError, match="one bit a step"):
        strips(wide)


def test_terminal_rows_wrap_and_line_up(comparison):
    text = strips_text(comparison, width=60, colour=False, arrows=2)
    blocks = text.split("\n\n")
    assert len(blocks) == 3  # 100 steps in lines of 52, then the caption
    shades = {0.0: " ", 1.0: "█"}
    lines = {line.split(" ")[0]: line[8:] for line in blocks[0].splitlines() if line[0] != " "}
    expected = "".join(shades[float(b)] for b in comparison.targets[0, :52, 0])
    assert lines["Input"] == expected
    assert all(len(line) <= 60 for block in blocks[:2] for line in block.splitlines())
    steps = sorted(comparison.divergences("NTM") + comparison.divergences("LSTM"))
    assert text.count("▲") == len(steps)
    coloured = strips_text(comparison, width=60)
    assert "\x1b[31m▲" in coloured
    assert "KL divergence" in coloured

"""Strips for print: lines, widths, type, differences and keys; artists, not pixels."""

import dataclasses

import numpy as np
import pytest
from matplotlib.text import Text

from ntmlab.errors import InputError
from ntmlab.figures import strips
from ntmlab.figures.style import COLUMN, PAGE

PT = 72


def drawn(comparison, **look):
    """The figure, laid out."""
    figure = strips(comparison, 1, **look).figure
    figure.draw_without_rendering()
    return figure


def texts(figure):
    """What is written, with sizes of type."""
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def test_lines_hold_every_step_once_under_each_other(comparison):
    figure = drawn(comparison, columns=25)
    assert len(figure.axes) == 3
    for row, values in enumerate([comparison.targets, *comparison.probabilities.values()]):
        parts = [ax.images[row].get_array()[0] for ax in figure.axes]
        assert [len(part) for part in parts] == [25, 25, 10]
        np.testing.assert_array_equal(np.concatenate(parts), values[1, :, 0])
    assert [ax.get_xlim() for ax in figure.axes] == [(-0.5, 24.5), (24.5, 49.5), (49.5, 74.5)]
    lefts = {round(ax.get_position().x0, 6) for ax in figure.axes}
    assert len(lefts) == 1
    assert [bool(ax.get_xlabel()) for ax in figure.axes] == [False, False, True]


def test_an_arrow_stands_in_the_line_of_its_step(comparison):
    figure = drawn(comparison, columns=25)
    found = [
        [text.get_gid() for text in ax.texts if (text.get_gid() or "").startswith("arrow/")]
        for ax in figure.axes
    ]
    assert found == [["arrow/A/12", "arrow/B/12"], ["arrow/A/40", "arrow/B/30"], []]


def test_a_narrow_figure_breaks_lines_where_steps_were_too_fine(comparison):
    figure = drawn(comparison, width=3.3)
    assert figure.get_size_inches()[0] == pytest.approx(3.3)
    assert [len(ax.images[0].get_array()[0]) for ax in figure.axes] == [50, 10]
    first = figure.axes[0].get_window_extent()
    assert first.width / figure.dpi * PT / 50 > 2.9
    assert len(drawn(comparison, width=7.0).axes) == 1


@pytest.mark.parametrize("width", [3.3, 7.0])
def test_all_type_can_be_read_and_stays_within_the_figure(comparison, width):
    figure = drawn(comparison, width=width, differences=True, about="About it. " * 20)
    type = COLUMN if width < 5 else PAGE
    for text in texts(figure):
        assert text.get_fontsize() >= 6
        assert text.get_fontsize() <= type.label
    (caption,) = [text for text in texts(figure) if text.get_gid() == "caption"]
    box = caption.get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.width
    assert box.y0 >= 0
    assert box.y1 <= min(ax.get_tightbbox().y0 for ax in figure.axes) + 1


def test_differences_are_model_less_optimum_on_grey(comparison):
    ax = strips(comparison, 1, differences=True)
    optimum = comparison.probabilities["Optimal"][1, :, 0]
    found = {image.get_label(): image for image in ax.images}
    assert list(found) == ["Input", "Optimal", "A", "A difference", "B", "B difference"]
    for name in ("A", "B"):
        image = found[f"{name} difference"]
        expected = comparison.probabilities[name][1, :, 0] - optimum
        np.testing.assert_allclose(image.get_array()[0], expected)
        assert image.norm.vmax == -image.norm.vmin >= np.abs(expected).max()
        assert image.cmap(image.norm(0.0))[0] == pytest.approx(0.5, abs=0.01)
        assert image.cmap(image.norm(image.norm.vmax))[:3] == (0, 0, 0)
    names = [text.get_text() for text in ax.texts if text.get_gid() == "difference"]
    assert names == ["− Optimal", "− Optimal"]


def test_differences_have_their_own_key_and_the_input_one(comparison):
    ax = strips(comparison, 1, differences=True)
    keys = [child.get_label() for child in ax.child_axes]
    assert keys == ["key of bits", "key", "key"]
    bits = ax.child_axes[0]
    colours = {patch.get_gid(): patch.get_facecolor()[:3] for patch in bits.patches[:2]}
    assert colours == {"bit/0": (1, 1, 1), "bit/1": (0, 0, 0)}
    assert [text.get_text() for text in bits.get_yticklabels()] == ["0", "1"]
    turned = strips(comparison, 1, dark_is_one=False).child_axes[0]
    assert turned.patches[1].get_facecolor()[:3] == (1, 1, 1)


def test_what_cannot_be_printed_is_said(comparison):
    for look, words in [
        ({"columns": 9}, "columns must be 10 steps or more, not 9"),
        ({"width": 1.0}, "width must be from 2 to 40 inches, not 1"),
        ({"width": float("nan")}, "width must be from 2 to 40 inches"),
    ]:
        with pytest.raises(InputError, match=words):
            strips(comparison, **look)
    with pytest.raises(InputError, match="leave out ax"):
        strips(comparison, columns=20, ax=strips(comparison))
    with pytest.raises(InputError, match="no optimal predictor"):
        strips(dataclasses.replace(comparison, reference=None), differences=True)

"""Strips of three letters, by hand, and of bits shown as letters."""

import dataclasses

import numpy as np
import pytest
from matplotlib.colors import to_hex

from ntmlab.errors import InputError
from ntmlab.evaluation import Comparison
from ntmlab.figures import strip_arrays, strips, strips_text
from ntmlab.outputs import Bits, Symbols

SYMBOLS = np.array([0, 2, 1, 1, 2, 0, 0, 1, 2, 2, 1, 0])
T = len(SYMBOLS)
AT = 4  # where the model departs


def of_letters(letters, symbols):
    """The optimum always gives 0.5 to letter 0; the model does too, but once all to letter 1."""
    optimal = np.full((1, len(symbols), letters), 0.5 / (letters - 1))
    optimal[..., 0] = 0.5
    model = optimal.copy()
    model[0, AT] = 0.02 / (letters - 1)
    model[0, AT, 1] = 1 - 0.02
    targets = np.eye(letters, dtype=np.float32)[symbols][None]
    mask = np.ones((1, len(symbols)), np.float32)
    said = {"Optimal": optimal, "M": model}
    return Comparison(np.zeros_like(targets), targets, mask, said, "Optimal", Symbols(letters))


@pytest.fixture
def comparison():
    return of_letters(3, SYMBOLS)


def images(ax):
    return [np.asarray(image.get_array()) for image in ax.images]


def written(ax):
    return [text for text in ax.texts if text.get_gid() == "symbol"]


def caption(ax):
    (text,) = [text.get_text() for text in ax.texts if text.get_gid() == "caption"]
    return " ".join(text.split())


def test_a_strip_is_the_probability_of_the_letter_that_came(comparison):
    ax = strips(comparison)
    head, optimal, model = images(ax)
    np.testing.assert_array_equal(head, SYMBOLS[None] / 2)
    for values, name in ((optimal, "Optimal"), (model, "M")):
        expected = comparison.probabilities[name][0, np.arange(T), SYMBOLS]
        np.testing.assert_array_equal(values[0], expected)
    assert [text.get_text() for text in written(ax)] == [str(symbol) for symbol in SYMBOLS]
    shades = {text.get_text(): to_hex(text.get_color()) for text in written(ax)}
    assert (shades["0"], shades["2"]) == ("#000000", "#ffffff")
    assert ax.child_axes[0].get_ylabel() == "P(symbol that came)"
    assert "Input: letters from 0 (white) to 2 (black)." in caption(ax)
    turned = caption(strips(comparison, dark_is_one=False))
    assert "Input: letters from 0 (black) to 2 (white)." in turned


def test_a_line_a_letter_on_request(comparison):
    ax = strips(comparison, rows="letters")
    head, optimal, model = images(ax)
    np.testing.assert_array_equal(head, np.eye(3)[SYMBOLS].T)
    np.testing.assert_array_equal(optimal, comparison.probabilities["Optimal"][0].T)
    np.testing.assert_array_equal(model, comparison.probabilities["M"][0].T)
    labels = [text.get_text() for text in ax.get_yticklabels(minor=True)]
    assert labels == ["0", "1", "2"] * 3
    ax.figure.draw_without_rendering()
    assert len(ax.yaxis.get_minorticklocs()) == 9  # the strip's own name does not hide a letter's
    own = ax.get_yticks(minor=True)
    for text, symbol in zip(written(ax), SYMBOLS, strict=True):
        assert text.get_position()[1] == own[symbol]
    assert ax.child_axes[0].get_ylabel() == "P(letter)"
    assert "A line a letter, 0 on top" in caption(ax)
    (arrow,) = [text for text in ax.texts if (text.get_gid() or "").startswith("arrow/")]
    assert arrow.get_gid() == f"arrow/M/{AT}"
    assert arrow.xy[1] > max(own)  # beneath all lines of its strip


def test_arrows_costs_and_departures_are_of_letters(comparison):
    bits = comparison.divergence("M")[0, AT]
    expected = 0.5 * np.log2(0.5 / 0.01) + 0.25 * np.log2(0.25 / 0.98) + 0.25 * np.log2(0.25 / 0.01)
    assert bits == pytest.approx(expected)
    assert f"M {bits:.2g} at step {AT}." in caption(strips(comparison))
    assert "Optimal 20.00 ·" in caption(strips(comparison))  # 4 letters 0, 8 others


def test_the_arrays_hold_the_whole_distribution(comparison):
    arrays = strip_arrays(comparison, window=(2, 8))
    assert arrays["symbols"].tolist() == SYMBOLS[2:8].tolist()
    np.testing.assert_array_equal(arrays["predictions/M"], comparison.probabilities["M"][0, 2:8])
    assert arrays["arrows/M"].tolist() == [AT]
    assert arrays["departures/M"] == pytest.approx(comparison.divergence("M")[0, AT])
    assert "bits" not in arrays


def test_letters_in_the_terminal(comparison):
    rows = strips_text(comparison, width=60, colour=False).splitlines()
    assert rows[1] == "Input   " + "".join(map(str, SYMBOLS))
    assert [row.split()[0] for row in rows[2:4]] == ["Optimal", "M"]
    assert rows[4].index("▲") == len("Optimal ") + AT
    assert "P(symbol that came)" in rows[6]
    each = strips_text(comparison, width=60, colour=False, rows="letters").splitlines()
    assert [row[:9] for row in each[1:8]] == [
        "Input    ", "Optimal 0", "Optimal 1", "Optimal 2", "M 0      ", "M 1      ", "M 2      "
    ]  # fmt: skip
    assert each[6][len("Optimal 0 ") + AT] == "█"
    assert each[8].index("▲") == len("Optimal 0 ") + AT
    coloured = strips_text(comparison, width=60)
    assert "\x1b[48;5;231;38;5;16m0" in coloured  # letter 0, black on white
    assert "\x1b[48;5;16;38;5;231m2" in coloured


@pytest.mark.parametrize("letters", [12, 40])
def test_letters_are_written_as_they_are_read(letters):
    symbols = np.arange(letters)
    many = of_letters(letters, symbols)
    ax = strips(many, window=(0, 12))
    assert [text.get_text() for text in written(ax)] == (
        list("0123456789ab") if letters == 12 else [str(i) for i in range(12)]
    )
    text = strips_text(many, width=99, colour=False)
    assert ("0123456789ab" in text) == (letters == 12)  # numbers do not fit a cell
    each = strips(many, rows="letters")
    assert images(each)[1].shape == (letters, letters)
    assert each.figure.get_figheight() < 12


def test_bits_can_be_shown_as_letters():
    three = of_letters(3, SYMBOLS % 2)
    one = np.random.default_rng(0).uniform(size=(1, T, 1))
    bits = dataclasses.replace(
        three,
        targets=(SYMBOLS % 2)[None, :, None].astype(np.float32),
        probabilities={"Optimal": one},
        outputs=Bits(1),
    )
    came = np.where(SYMBOLS % 2 > 0, one[0, :, 0], 1 - one[0, :, 0])
    np.testing.assert_allclose(images(strips(bits, rows="symbol"))[1][0], came)
    both = images(strips(bits, rows="letters"))[1]
    np.testing.assert_allclose(both, [1 - one[0, :, 0], one[0, :, 0]])
    np.testing.assert_array_equal(images(strips(bits, rows="one"))[1][0], one[0, :, 0])
    assert "Input" not in caption(strips(bits))


def test_kinds_of_rows_that_there_are_not(comparison):
    for draw in (strips, strips_text):
        with pytest.raises(InputError, match="unknown kind of rows 'letter'"):
            draw(comparison, rows="letter")
        with pytest.raises(InputError, match="unknown kind of rows 'one'"):
            draw(comparison, rows="one")


def test_the_unreachable_has_no_arrows(comparison):
    oracle = dataclasses.replace(comparison, unreachable=frozenset({"M"}))
    ax = strips(oracle)
    assert not [text for text in ax.texts if (text.get_gid() or "").startswith("arrow/")]
    assert "Departures" not in caption(ax)

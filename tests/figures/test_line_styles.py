"""No two labels of a picture are drawn alike."""

from itertools import islice

from ntmlab.figures.line_styles import LINES, line_style, line_styles


def test_the_first_labels_are_alike_in_nothing():
    first = list(islice(line_styles(), len(LINES)))
    assert first == list(LINES)
    assert all(len(set(each)) == len(LINES) for each in zip(*first, strict=True))


def test_a_seventh_line_is_no_other_in_colour_and_dashes_nor_in_colour_and_marker_or_hatch():
    styles = [line_style(number) for number in range(len(LINES) ** 2)]
    for what in ("dashes", "marker", "hatch"):
        pairs = {(style.colour, getattr(style, what)) for style in styles}
        assert len(pairs) == len(LINES) ** 2

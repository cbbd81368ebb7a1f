"""Text in blocks is what it is in one, wherever they end; and which words are numbers."""

import codecs
import re
from types import SimpleNamespace

import pytest

from ntmlab import InputError
from ntmlab.cli.inputs import read_lines
from ntmlab.streams import opening
from ntmlab.streams.formats import Layout
from tests.streams.reading import read

BLOCKS = (1, 2, 3, 5, 2**18)
LETTERS = "aäℵ𝄞"  # of 1 to 4 bytes
TEXT = "a ä\tℵ\r\n𝄞𝄞\n" + "ℵa" * 7 + "\nä"


@pytest.fixture(params=BLOCKS)
def blocks(request, monkeypatch):
    monkeypatch.setattr(opening, "BLOCK", request.param)


@pytest.mark.usefixtures("blocks")
def test_letters_in_blocks(tmp_path):
    expected = [[LETTERS.index(s) for s in "".join(line.split())] for line in TEXT.split("\n")]
    assert read(tmp_path, TEXT.encode(), Layout("letters", 4, LETTERS)) == expected
    joined = Layout("letters", 4, LETTERS, joined=True)
    whole = [letter for line in expected for letter in line]
    assert read(tmp_path, TEXT.encode(), joined) == [whole]


@pytest.mark.usefixtures("blocks")
def test_numbers_in_blocks(tmp_path):
    text = "12,0 255\t7\r\n100\n 3,4 , 250\r\t19 20"
    expected = [[int(word) for word in re.findall(r"\d+", line)] for line in text.splitlines()]
    assert read(tmp_path, text.encode(), Layout("integers", 256)) == expected


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize(
    ("text", "layout", "said"),
    [
        ("aa\nä aaℵaa", Layout("letters", 2, "aä"), "line 2, has 'ℵ' at character 5; only the 2"),
        ("1 2\n10 200 30", Layout("integers", 31), "line 2, has '200' at place 2; only numbers"),
        ("1\n\n2 x1 3\n", Layout("integers", 4, joined=True), "line 3, has 'x1' at place 2; no"),
        ("0,1,,2,1", Layout("integers", 4), "line 1, has '' at place 3; a comma has a whole"),
        ("1,2\n3, \t,4", Layout("integers", 5), "line 2, has '' at place 2; a comma has"),
        ("1\n,2", Layout("integers", 4), "line 2, has '' at place 1; a comma has"),
        ("1,2,\n3", Layout("integers", 4), "line 1, has '' at place 3; a comma has"),
        ("1,2 , ", Layout("integers", 4, joined=True), "line 1, has '' at place 3; a comma has"),
        (",", Layout("integers", 4), "line 1, has '' at place 1; a comma has"),
        ("1 2 3-", Layout("integers", 4), "line 1, has '3-' at place 3; no whole number"),
    ],
)
def test_what_is_wrong_stands_at_the_same_place_in_blocks(tmp_path, text, layout, said):
    with pytest.raises(InputError, match=re.escape(said)):
        read(tmp_path, text.encode(), layout)


@pytest.mark.parametrize("digits", [18, 19, 20, 21, 22, 400])
def test_a_number_of_so_many_digits_is_none(tmp_path, digits):
    """Whose first twenty are said."""
    said = f"line 1, has '{'9' * min(digits, 20)}' at place 2; no whole number"
    with pytest.raises(InputError, match=re.escape(said) + "$"):
        read(tmp_path, ("1 " + "9" * digits).encode(), Layout("integers", 10))


def test_a_number_of_seventeen_digits_is_one(tmp_path):
    said = f"has '{'9' * 17}' at place 2; only numbers from 0 to 9 count"
    with pytest.raises(InputError, match=re.escape(said)):
        read(tmp_path, ("1 " + "9" * 17 + " 2").encode(), Layout("integers", 10))
    assert read(tmp_path, ("1 " + "0" * 16 + "2").encode(), Layout("integers", 10)) == [[1, 2]]


@pytest.mark.parametrize("word", ["-1", "1.0", "٤", "²", "1e3", "0x1", "a"])
def test_other_words_are_no_numbers(tmp_path, word):
    with pytest.raises(InputError, match=re.escape(f"{word!r} at place 2; no whole number")):
        read(tmp_path, f"1 {word}".encode(), Layout("integers", 10))


@pytest.mark.usefixtures("blocks")
def test_lines_end_and_texts_begin_as_where_a_text_is_read_as_a_whole(tmp_path):
    """A carriage return alone ends a line; the mark of a byte order at the start is no letter."""
    text = codecs.BOM_UTF8 + b"01\r10\r\n11\n0"
    assert read(tmp_path, text, Layout("bits", 2, "01")) == [[0, 1], [1, 0], [1, 1], [0]]
    assert read_lines(str(tmp_path / "own"), 2) == [[0, 1], [1, 0], [1, 1], [0]]
    with pytest.raises(InputError, match=r"has '\\ufeff' at character 3"):
        read(tmp_path, "01\ufeff".encode(), Layout("bits", 2, "01"))


@pytest.mark.parametrize("text", ["01\u202810", "01\x0c10", "01\x8510", "01\x1e10"])
def test_other_signs_end_no_line(tmp_path, text):
    with pytest.raises(InputError, match=r"line 1,? has .* at character 3"):
        read(tmp_path, text.encode(), Layout("bits", 2, "01"))
    with pytest.raises(InputError, match=r"line 1, has .* at character 3"):
        read_lines(str(tmp_path / "own"), 2)


class Long(str):
    """A text that says it is as long as it is told to be, lest a hundred megabytes are made."""

    size = 0

    def __len__(self):
        return self.size


@pytest.mark.parametrize("size", [10**8, 10**8 + 1])
def test_a_hundred_million_characters_are_taken_and_no_more(monkeypatch, size):
    text, asked = Long("01\n1"), []
    text.size = size
    monkeypatch.setattr("sys.stdin", SimpleNamespace(read=lambda most: asked.append(most) or text))
    if size == 10**8:
        assert read_lines("-", 2) == [[0, 1], [1]]
    else:
        with pytest.raises(InputError, match=r"^standard input has more than 100,000,000 char"):
            read_lines("-", 2)
    assert asked == [10**8 + 1]  # never all of what is longer

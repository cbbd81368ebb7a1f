"""What a file's symbols are, and the line that says what is wrong with it."""

import codecs
import re

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.streams import formats
from ntmlab.streams.formats import Layout, find_layout
from tests.streams.reading import read


def layout_of(folder, content, kind=None, alphabet=None, **options):
    (folder / "own").write_bytes(content)
    return find_layout(str(folder / "own"), kind, alphabet, **options)


@pytest.mark.parametrize(
    ("content", "given", "letters"),
    [
        (b"0 0\n1\n", None, 2),
        (b"3,1,4\n15\n", None, 16),
        (b"255\n0\n", None, 256),
        (b"0 0\n", "2", 2),
        (b"0 0\n", "000000256", 256),  # nine digits
    ],
)
def test_integers_are_one_more_than_the_highest_or_as_many_as_are_said(
    tmp_path, content, given, letters
):
    assert layout_of(tmp_path, content, "integers", given) == Layout("integers", letters)


@pytest.mark.parametrize("given", ["", "x", "4x", "-4", "4.0", "²", "٤", "0000000256"])
def test_how_many_integers_there_are_is_a_number(tmp_path, given):
    said = re.escape(f"--alphabet of integers is how many there are, not {given!r}")
    with pytest.raises(InputError, match=f"^{said}$"):
        layout_of(tmp_path, b"0 1\n", "integers", given)


@pytest.mark.parametrize(
    ("content", "kind", "given", "said"),
    [
        (b"0 0\n0\n", "integers", None, "own has 1 letter: nothing to tell"),
        (b"0 1\n", "integers", "1", "own has 1 letter: nothing to tell"),
        (b"0 1\n", "integers", "0", "own has 0 letters: nothing to tell"),
        (b"0 256\n", "integers", None, "own has 257 numbers; at most 256 can be told apart"),
        (b"0 1\n", "integers", "257", "own has 257 numbers; at most 256 can be told apart"),
        (b"aa\na\n", "letters", None, "own has 1 letter: nothing to tell"),
        (b" \n", "letters", None, "own has 0 letters: nothing to tell"),
        (b"ab\n", None, "a", "own has 1 letter: nothing to tell"),
        (b"ab\n", None, "aba", "--alphabet 'aba' has a letter twice"),
        (b"ab\n", None, "a b", "--alphabet has white space, which is passed over"),
        (b"ab\n", "bits", "01", "--format bits has an alphabet of its own; leave out --alphabet"),
        (b"ab\n", "bytes", "ab", "--format bytes has an alphabet of its own"),
    ],
)
def test_what_can_be_no_alphabet_is_said(tmp_path, content, kind, given, said):
    with pytest.raises(InputError, match=re.escape(said)):
        layout_of(tmp_path, content, kind, given)


def test_letters_are_all_that_a_file_has_in_order(tmp_path):
    assert layout_of(tmp_path, b"cab\n a\n", "letters") == Layout("letters", 3, "abc")
    assert layout_of(tmp_path, b"ab\n", None, "ba") == Layout("letters", 2, "ba")
    marked = codecs.BOM_UTF8 + b"acgt\n"
    assert layout_of(tmp_path, marked, "letters") == Layout("letters", 4, "acgt")
    signs = "".join(map(chr, range(0x4E00, 0x4F00)))  # 256 of them
    assert layout_of(tmp_path, signs.encode(), "letters") == Layout("letters", 256, signs)
    more = f"{signs}{chr(0x4F00)}".encode()
    with pytest.raises(InputError, match="has more than 256 letters; at most 256"):
        layout_of(tmp_path, more, "letters")


def test_a_file_says_itself_whether_it_is_of_bits(tmp_path):
    assert layout_of(tmp_path, b"01 1\t0\r\n") == Layout("bits", 2, "01")
    assert layout_of(tmp_path, b"01 1\n", joined=True) == Layout("bits", 2, "01", True)
    assert layout_of(tmp_path, b"01 2\n") == Layout("bytes", 256)
    assert layout_of(tmp_path, codecs.BOM_UTF8 + b"01 1\n") == Layout("bits", 2, "01")
    assert layout_of(tmp_path, codecs.BOM_UTF8 + b"01 2\n") == Layout("bytes", 256)
    with pytest.raises(InputError, match="a file of bytes has no lines"):
        layout_of(tmp_path, b"01 2\n", joined=True)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (None, "must be said: --format bits or letters or bytes or integers"),
        ("letters", "is read once only: give the --alphabet"),
        ("integers", "is read once only: give the --alphabet"),
    ],
)
def test_standard_input_is_not_looked_at_first(kind, said):
    with pytest.raises(InputError, match=said):
        find_layout("-", kind, None)
    assert find_layout("-", "integers", "7") == Layout("integers", 7)


def test_letters_are_numbered_as_the_alphabet_has_them(tmp_path):
    assert read(tmp_path, b"ca b\nbb\n", Layout("letters", 3, "bca")) == [[1, 2, 0], [0, 0]]
    joined = Layout("letters", 3, "bca", joined=True)
    assert read(tmp_path, b"ca b\n\nbb\n", joined) == [[1, 2, 0, 0, 0]]
    assert read(tmp_path, b"3, 0 1\n2", Layout("integers", 4)) == [[3, 0, 1], [2]]
    assert read(tmp_path, b"\x00\n\xff", Layout("bytes", 256)) == [[0, 10, 255]]


@pytest.mark.parametrize(
    ("content", "layout", "said"),
    [
        (b"01\n0 2\n", Layout("bits", 2, "01"), "line 2, has '2' at character 3; only 0 and 1"),
        (b"ab\nbc", Layout("letters", 2, "ab"), "line 2, has 'c' at character 2; only the 2 of"),
        (b"1\n0 3", Layout("integers", 3), "line 2, has '3' at place 2; only numbers from 0 to 2"),
        (b"01\n\n1\n", Layout("bits", 2, "01"), "line 2, is empty; give one sequence a line"),
        (b"\n", Layout("bits", 2, "01"), "line 1, is empty; give one sequence a line"),
        (b" \n\n", Layout("bits", 2, "01", joined=True), "own has no symbols"),
    ],
)
def test_what_is_no_symbol_is_said_with_its_place(tmp_path, content, layout, said):
    with pytest.raises(InputError, match=re.escape(said)):
        read(tmp_path, content, layout)


def test_a_sequence_is_no_longer_than_a_count_of_it_can_say(tmp_path, monkeypatch):
    """Each of them, whatever the others are, and in however many pieces it comes."""
    assert formats.MOST_SYMBOLS == 4_294_967_295
    monkeypatch.setattr(formats, "MOST_SYMBOLS", 3)
    layout = Layout("bits", 2, "01")
    assert read(tmp_path, b"010\n111\n", layout) == [[0, 1, 0], [1, 1, 1]]
    with pytest.raises(InputError, match="own has a sequence of more than 3 symbols"):
        read(tmp_path, b"01\n0101\n", layout)
    monkeypatch.setattr(formats, "_pieces", lambda stream, layout: iter(PIECES))
    with pytest.raises(InputError, match="more than 3"):
        list(formats.pieces(Named, layout))


class Named:
    """A stream that is asked for its name only."""

    name = "own"


PIECES = [formats.Piece(np.zeros(2, np.uint8), ends) for ends in (True, False, False)]

"""A coded file byte by byte: blocks come back, and what does not fit together is said to be so.

Checksums that fit are no proof: every file here has them right where they are not the matter.
"""

import io
import struct
import zlib

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.streams import coded
from ntmlab.streams.formats import Layout, Piece

FIRST = (
    b'{"format": "ntmlab-code-2", "model": "kt-1", "symbols": "bits", "letters": 2, '
    b'"alphabet": "01", "joined": false}'
)
PIECES = [Piece(np.zeros(5, np.uint8), False), Piece(np.zeros(3, np.uint8), True)]


def block(symbols=8, count=2, sizes=(5, 3 + 2**31), *, code=b"code", checksum=7, packed=None):
    """A block, written out from the description of the format."""
    if packed is None:
        packed = zlib.compress(struct.pack(f"<{len(sizes)}I", *sizes), 1)
    numbers = (symbols, count, len(packed), len(code), zlib.crc32(packed + code), checksum)
    return struct.pack("<6I", *numbers) + packed + code


def end(total=8, checksum=7, *, count=0, packed=b""):
    """The end of a file of so many symbols."""
    return block(0, count, code=struct.pack("<Q", total), checksum=checksum, packed=packed)


def blocks_of(content):
    """What is read of a file after its first line."""
    return list(coded.read_blocks(io.BytesIO(content).read, "here"))


def test_blocks_are_as_the_format_says_and_come_back():
    assert coded.block_bytes(PIECES, b"code", 7) == block()
    even = [Piece(np.zeros(size, np.uint8), size == 2) for size in (4, 2, 0)]
    assert coded.block_bytes(even, b"code", 7) == block(6, 3, sizes=(4, 2 + 2**31, 0))
    assert coded.end_bytes(8, 7) == end()
    (found,) = blocks_of(block() + end())
    assert found.sizes.tolist() == [5, 3]
    assert found.ends.tolist() == [False, True]
    assert (found.code, found.checksum) == (b"code", 7)
    assert [len(blocks_of(block() * n + end(8 * n))) for n in (1, 2)] == [1, 2]
    assert blocks_of(end(0, 0)) == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(block(symbols=9) + end(9), id="sizes add up to less than the symbols"),
        pytest.param(block(symbols=7) + end(7), id="to more"),
        pytest.param(block(count=3) + end(), id="fewer sizes than pieces"),
        pytest.param(block(count=1) + end(), id="more sizes"),
        pytest.param(block(packed=b"not packed") + end(), id="sizes that zlib did not pack"),
        pytest.param(block() + end(7), id="fewer symbols at the end"),
        pytest.param(block() + end(16), id="more"),
        pytest.param(block() + end(checksum=8), id="another checksum at the end"),
        pytest.param(block() + end(count=1), id="an end of pieces"),
        pytest.param(block() + end(packed=b"x"), id="an end of sizes"),
        pytest.param(block() + end() + b"x", id="a byte after the end"),
        pytest.param(block()[:-1] + b"E" + end(), id="another byte of code"),
    ],
)
def test_what_does_not_fit_is_damaged(content):
    with pytest.raises(InputError, match=r"^here is damaged$"):
        blocks_of(content)


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((2**22, 0, 1, 0), "cut off"),
        ((0, 2**22, 1, 0), "cut off"),
        ((1, 0, 2**26, 0), "cut off"),
        ((1, 0, 0, 2**26), "cut off"),
        ((2**22 + 1, 0, 1, 0), "damaged"),
        ((0, 2**22 + 1, 1, 0), "damaged"),
        ((1, 0, 2**26 + 1, 0), "damaged"),
        ((1, 0, 0, 2**26 + 1), "damaged"),
    ],
)
def test_what_no_block_holds_is_not_even_read(sizes, said):
    """4,194,304 symbols or pieces, and 16 bytes for each: what is believed is waited for."""
    asked = []

    def read(size):
        asked.append(size)
        return struct.pack("<6I", *sizes, 1, 0) if len(asked) == 1 else b""

    with pytest.raises(InputError, match=said):
        list(coded.read_blocks(read, "here"))
    assert len(asked) == (1 if said == "damaged" else 2)


@pytest.mark.parametrize("kept", [0, 23, 24, 24 + 3, len(block()) - 1, len(block() + end()) - 1])
def test_what_lacks_its_end_is_cut_off(kept):
    with pytest.raises(InputError, match=r"^here is cut off: its code has no end$"):
        blocks_of((block() + end())[:kept])


def test_the_first_line_comes_back():
    head = coded.read_head(FIRST, "here")
    assert head == coded.Head("kt-1", Layout("bits", 2, "01", False))
    assert head.to_bytes() == FIRST + b"\n"
    assert head.checksum == zlib.crc32(FIRST + b"\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'"joined": false', b'"joined": false, "more": 1', id="another part"),
        pytest.param(b'"letters": 2', b'"letters":  2', id="another space"),
        pytest.param(b'"letters": 2', b'"letters": 2.0', id="no whole number"),
        pytest.param(b'"letters": 2', b'"letters": true', id="no number"),
        pytest.param(b'"letters": 2', b'"letters": 3', id="more letters than in the alphabet"),
        pytest.param(b'"01"', b'"00"', id="a letter twice"),
        pytest.param(b'"01"', b"1", id="an alphabet that is no text"),
        pytest.param(b"false", b"0", id="neither true nor false"),
        pytest.param(b'"kt-1"', b"1", id="a model that is no text"),
        pytest.param(b'"bits"', b'"bytes"', id="bytes with an alphabet"),
    ],
)
def test_a_first_line_whose_parts_do_not_fit_is_damaged(old, new):
    assert FIRST.count(old) == 1
    with pytest.raises(InputError, match=r"^here has a damaged head$"):
        coded.read_head(FIRST.replace(old, new), "here")


@pytest.mark.parametrize(
    ("kind", "letters", "alphabet"),
    [("letters", 1, "a"), ("integers", 1, ""), ("integers", 257, ""), ("other", 2, "")],
)
def test_symbols_that_there_are_none_of_are_a_damaged_head(kind, letters, alphabet):
    """Fewer than two letters, more than 256, or of another kind, in a line that comes back."""
    head = coded.Head("optimal", Layout(kind, letters, alphabet, True))
    with pytest.raises(InputError, match="damaged head"):
        coded.read_head(head.to_bytes()[:-1], "here")


@pytest.mark.parametrize("first", [b"", b"01", FIRST.replace(b"code-2", b"code-3"), b"[1]"])
def test_another_first_line_is_of_no_code(first):
    with pytest.raises(InputError, match=r"^here is no code of ntmlab"):
        coded.read_head(first, "here")


@pytest.mark.parametrize(
    ("kind", "letters", "alphabet"),
    [("bytes", 256, ""), ("integers", 256, ""), ("letters", 3, "abc"), ("integers", 2, "")],
)
def test_every_kind_of_symbols_comes_back(kind, letters, alphabet):
    head = coded.Head("optimal", Layout(kind, letters, alphabet, True))
    assert coded.read_head(head.to_bytes()[:-1], "here") == head

"""The file that a coded file is: a line of JSON, blocks of code, each with its checksum, an end.

A block is six numbers of 4 bytes (symbols, pieces of sequences, bytes of their sizes, bytes of
code, CRC-32 of these bytes, CRC-32 of the first line and all symbols up to the block's end), the
sizes, packed by zlib, and the code. The highest bit of a size says that a sequence ends there. A
block without symbols is the end: its code is the number of all symbols, 8 bytes.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.names import FORMATS
from ntmlab.outputs import MOST_LETTERS
from ntmlab.records import Record, parse_object, to_line
from ntmlab.streams.formats import Layout, Piece

FORMAT: Final = "ntmlab-code-2"
BLOCK: Final = 2**20  # symbols, about
MOST_SYMBOLS: Final = 2**22  # of a block that is believed
MOST_HEADER: Final = 2**16
HEAD: Final = struct.Struct("<6I")
END: Final = struct.Struct("<Q")
ENDS: Final = np.uint32(2**31)

Read = Callable[[int], bytes]


class Head(NamedTuple):
    """What a coded file says of itself."""

    model: str
    layout: Layout

    @property
    def checksum(self) -> int:
        """What the checksum of symbols goes on from."""
        return zlib.crc32(self.to_bytes())

    def to_bytes(self) -> bytes:
        """The first line."""
        layout = self.layout
        parts: Record = {"format": FORMAT, "model": self.model, "symbols": layout.format}
        parts |= {"letters": layout.letters, "alphabet": layout.alphabet, "joined": layout.joined}
        return f"{to_line(parts)}\n".encode()


class Block(NamedTuple):
    """Some symbols, coded: the sizes of the pieces of sequences, and whether each ends one."""

    sizes: NDArray[np.int64]
    ends: NDArray[np.bool_]
    code: bytes
    checksum: int


def block_bytes(pieces: Sequence[Piece], code: bytes, checksum: int) -> bytes:
    """A block of some pieces; the checksum is of the first line and all symbols up to their end."""
    sizes = np.array([len(p.symbols) | (int(ENDS) if p.ends else 0) for p in pieces], "<u4")
    packed = zlib.compress(sizes.tobytes(), 1)
    symbols = sum(len(piece.symbols) for piece in pieces)
    return _framed(symbols, len(pieces), packed, code, checksum)


def end_bytes(symbols: int, checksum: int) -> bytes:
    """The end, with the last block's checksum."""
    return _framed(0, 0, b"", END.pack(symbols), checksum)


def _framed(symbols: int, pieces: int, packed: bytes, code: bytes, checksum: int) -> bytes:
    own = zlib.crc32(packed + code)
    return HEAD.pack(symbols, pieces, len(packed), len(code), own, checksum) + packed + code


def read_head(first: bytes, where: str) -> Head:
    """What the first line says; raises InputError for what is no such file."""
    found = parse_object(first.decode(errors="replace"), where) if first[:1] == b"{" else {}
    if found.get("format") != FORMAT:
        raise InputError(f"{where} is no code of ntmlab (format {FORMAT})")
    layout = _layout(found)
    if layout is None or not isinstance(found.get("model"), str):
        raise InputError(f"{where} has a damaged head")
    head = Head(found["model"], layout)
    if head.to_bytes() != first + b"\n":
        raise InputError(f"{where} has a damaged head")
    return head


def _layout(found: Record) -> Layout | None:
    """How the symbols are to be written; None where the parts do not fit each other."""
    kind, letters = found.get("symbols"), found.get("letters")
    alphabet, joined = found.get("alphabet"), found.get("joined")
    if not (isinstance(alphabet, str) and isinstance(joined, bool) and type(letters) is int):
        return None
    spelled = letters if kind in ("bits", "letters") else 0
    fits = 2 <= letters <= MOST_LETTERS and len(alphabet) == len(set(alphabet)) == spelled
    return Layout(str(kind), letters, alphabet, joined) if fits and kind in FORMATS else None


def read_blocks(read: Read, where: str) -> Iterator[Block]:
    """Its blocks, to the end; raises InputError where it is damaged or cut off."""
    total = last = 0
    while True:
        symbols, count, packed, coded, own, checksum = HEAD.unpack(_exactly(read, HEAD.size, where))
        believable = max(symbols, count) <= MOST_SYMBOLS and max(packed, coded) <= 16 * MOST_SYMBOLS
        if not believable:
            raise _damaged(where)
        content = _exactly(read, packed + coded, where)
        if zlib.crc32(content) != own:
            raise _damaged(where)
        code = content[packed:]
        if symbols == 0:
            break
        sizes = _sizes(content[:packed], count, where)
        lengths = (sizes & ~ENDS).astype(np.int64)
        if lengths.sum() != symbols:
            raise _damaged(where)
        total, last = total + symbols, checksum
        yield Block(lengths, sizes >= ENDS, code, checksum)
    whole = (count, packed, code) == (0, 0, END.pack(total)) and checksum == last
    if not whole or read(1):
        raise _damaged(where)


def _sizes(packed: bytes, count: int, where: str) -> NDArray[np.uint32]:
    unpacker: Any = zlib.decompressobj()
    try:
        found = unpacker.decompress(packed, 4 * count + 1)
    except zlib.error:
        raise _damaged(where) from None
    if len(found) != 4 * count:
        raise _damaged(where)
    return np.frombuffer(found, "<u4")


def _exactly(read: Read, size: int, where: str) -> bytes:
    found = read(size)
    if len(found) < size:
        raise InputError(f"{where} is cut off: its code has no end")
    return found


def _damaged(where: str) -> InputError:
    return InputError(f"{where} is damaged")

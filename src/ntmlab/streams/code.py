"""Files as codes that a predictor drives, and back, in memory that does not grow with them."""

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.checks import check_predictor
from ntmlab.evaluation.predictors import check_made_again
from ntmlab.optimal.filter import FilterPredictor
from ntmlab.streams.coded import (
    BLOCK,
    MOST_HEADER,
    Block,
    Head,
    block_bytes,
    end_bytes,
    read_blocks,
    read_head,
)
from ntmlab.streams.formats import Layout, Piece, pieces
from ntmlab.streams.opening import Opened
from ntmlab.streams.own_data import FIRST, OwnData, bound, usual_depth
from ntmlab.streams.walkers import Walker, walker_of

Progress = Callable[[int], None]

FEW: Final = 16  # letters, of which context trees are quick


class Written(NamedTuple):
    """How much was coded, and how long the code is."""

    symbols: int
    bytes: int


def default_model(letters: int) -> str:
    """A predictor that does well on most files: context trees of few letters, else back-off.

    >>> default_model(2), default_model(4), default_model(256)
    ('ctw-16', 'ctw-8', 'ppm-2')
    """
    return f"{'ctw' if letters <= FEW else 'ppm'}-{usual_depth(letters)}"


def find_coder(name: str, letters: int) -> Walker:
    """What codes symbols by a predictor's name, the same when they are written and read.

    A user's own model is tried on letters that are drawn here, so that how it gets its past does
    not depend on the file; raises InputError for one that does not decode, and for code that makes
    another model each time.
    """
    drawn = np.random.default_rng(0).integers(letters, size=FIRST, dtype=np.uint8)
    task = OwnData(letters, drawn.tobytes())
    predictor = bound(name, task)
    if not isinstance(predictor, FilterPredictor):
        (check,) = check_predictor(predictor, task, names=["decode"])
        if check.passed is not True:
            raise InputError(f"model {name} cannot be trusted with a code: {check.message}")
        check_made_again(predictor, name, task)
    return walker_of(predictor, task)


def encode_file(
    stream: Opened, layout: Layout, model: str, out: BinaryIO, progress: Progress
) -> Written:
    """Codes all symbols of a file; every sequence is begun afresh.

    Raises InputError for a model that is unknown, does not fit or does not decode, and for what the
    file has that is no letter.
    """
    walker = find_coder(model, layout.letters)
    head = Head(model, layout)
    written, symbols, checksum = out.write(head.to_bytes()), 0, head.checksum
    for block in _blocks(pieces(stream, layout)):
        encoder = walker.encoder()
        for piece in block:
            if len(piece.symbols):
                walker.encode(encoder, np.ascontiguousarray(piece.symbols))
            if piece.ends:
                walker.restart()
            checksum = zlib.crc32(piece.symbols.tobytes(), checksum)
            symbols += len(piece.symbols)
        written += out.write(block_bytes(block, _finished(encoder), checksum))
        progress(stream.done)
    written += out.write(end_bytes(symbols, checksum))
    return Written(symbols, written)


def decode_file(stream: Opened, head: Head, out: BinaryIO, progress: Progress) -> int:
    """Writes what was coded, and says how many symbols it was.

    Bytes come back as they were, other symbols as a sequence a line. Raises InputError where the
    file is damaged, or the model says other things here than where it was written; the blocks
    before are written then.
    """
    walker = find_coder(head.model, head.layout.letters)
    symbols, checksum = 0, head.checksum
    for block in read_blocks(stream.read, stream.name):
        for piece in (found := _decoded(walker, block)):
            checksum = zlib.crc32(piece.symbols.tobytes(), checksum)
        if checksum != block.checksum:
            raise InputError(
                f"model {head.model} says other things here than where {stream.name} was written: "
                "another version, weights, machine or number of threads; or that file is damaged"
            )
        for piece in found:
            out.write(_text(piece, head.layout))
            symbols += len(piece.symbols)
        progress(stream.done)
    return symbols


def opened_head(stream: Opened) -> Head:
    """The head of a coded file, of which the blocks follow."""
    line = bytearray()
    while len(line) < MOST_HEADER and (sign := stream.read(1)) not in (b"", b"\n"):
        line += sign
    return read_head(bytes(line), stream.name)


def _blocks(flow: Iterator[Piece]) -> Iterator[list[Piece]]:
    """Pieces together, about a million symbols at a time; an empty one may be the end of all."""
    kept: list[Piece] = []
    size = 0
    for piece in flow:
        kept.append(piece)
        size += len(piece.symbols)
        if size >= BLOCK or len(kept) >= BLOCK:
            yield kept
            kept, size = [], 0
    if kept:
        yield kept


def _finished(encoder: object) -> bytes:
    """The bytes of an encoder; that of Python gives bits."""
    found = encoder.finish()  # type: ignore[attr-defined]
    return found if isinstance(found, bytes) else np.packbits(np.array(found, np.uint8)).tobytes()


def _decoded(walker: Walker, block: Block) -> list[Piece]:
    """The pieces of a block, if it is not damaged."""
    decoder, found = walker.decoder(block.code), []
    for size, ends in zip(block.sizes.tolist(), block.ends.tolist(), strict=True):
        found.append(Piece(walker.decode(decoder, size), ends))
        if ends:
            walker.restart()
    return found


def _text(piece: Piece, layout: Layout) -> bytes:
    """Symbols as they stand in a file."""
    if layout.format == "bytes":
        return piece.symbols.tobytes()
    if layout.format == "integers":
        between = "\n" if piece.ends else ","
        return (",".join(map(str, piece.symbols.tolist())) + between).encode()
    signs = np.array([ord(sign) for sign in layout.alphabet], dtype="<u4")
    text = signs[piece.symbols].tobytes().decode("utf-32-le")
    return (text + ("\n" if piece.ends else "")).encode()

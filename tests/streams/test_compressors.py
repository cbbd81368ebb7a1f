"""Compressors for scale: what comes piece by piece is as large as the whole."""

import bz2
import gzip
import lzma

import numpy as np
import pytest

from ntmlab.streams.compressors import start

WHOLE = {
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
    "bz2": lambda data: bz2.compress(data, 9),
    "xz": lambda data: lzma.compress(data, preset=6),
}
BITS = {2: 1, 3: 2, 4: 2, 5: 4, 16: 4, 17: 8, 256: 8}  # a symbol, by letters


@pytest.mark.parametrize("letters", BITS)
@pytest.mark.parametrize("size", [1, 7, 8, 4001])
def test_the_smaller_of_packed_symbols_and_a_byte_each(letters, size):
    symbols = np.random.default_rng(0).integers(0, letters, size).astype(np.uint8)
    width = BITS[letters]
    each = [f"{symbol:0{width}b}" for symbol in symbols]
    text = "".join(each)
    text += "0" * (-len(text) % 8)
    packed = int(text, 2).to_bytes(len(text) // 8, "big")
    for name, way in start(list(WHOLE), letters).items():
        for piece in np.split(symbols, [i for i in (1, 3, 4, 11, 2000) if i < size]):
            way.add(piece)
        sizes = len(WHOLE[name](symbols.tobytes())), len(WHOLE[name](packed))
        smaller = width < 8 and sizes[1] < sizes[0]
        what = f"{8 // width} symbols a byte" if smaller else "a byte a symbol"
        assert way.finish() == (8 * min(sizes), what)

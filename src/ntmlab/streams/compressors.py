"""General compressors on a stream of symbols, for scale."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ntmlab.streams.opening import zstd_module

Symbols = NDArray[np.uint8]

COMPRESSORS: Final[dict[str, Callable[[], Any]]] = {
    "gzip": lambda: zlib.compressobj(9, wbits=31),
    "bz2": lambda: bz2.BZ2Compressor(9),
    "xz": lambda: lzma.LZMACompressor(preset=6),
    "zstd": lambda: zstd_module().ZstdCompressor(level=19),
}


class Compressed:
    """A compressor at work on symbols a byte each, and packed where several fit into a byte."""

    def __init__(self, name: str, letters: int) -> None:
        make = COMPRESSORS[name]
        self.width = next(w for w in (1, 2, 4, 8) if letters <= 2**w)  # bits a symbol when packed
        self.ways = [make()] if self.width == 8 else [make(), make()]
        self.sizes = [0] * len(self.ways)
        self.rest: Symbols = np.empty(0, dtype=np.uint8)

    def add(self, symbols: Symbols) -> None:
        """Takes in the next symbols."""
        self._feed(0, symbols.tobytes())
        if self.width < 8:
            joined = np.concatenate([self.rest, symbols])
            cut = len(joined) // (8 // self.width) * (8 // self.width)
            self.rest = joined[cut:]
            self._feed(1, self._packed(joined[:cut]))

    def finish(self) -> tuple[float, str]:
        """Bits in all, of the smaller result, and what it was made of."""
        if len(self.rest):
            self._feed(1, self._packed(self.rest))
        found = [size + len(way.flush()) for size, way in zip(self.sizes, self.ways, strict=True)]
        packed = found.index(min(found)) == 1
        return 8.0 * min(
            found
        ), f"{8 // self.width} symbols a byte" if packed else "a byte a symbol"

    def _feed(self, way: int, data: bytes) -> None:
        self.sizes[way] += len(self.ways[way].compress(data))

    def _packed(self, symbols: Symbols) -> bytes:
        bits = np.unpackbits(symbols[:, None], axis=1)[:, 8 - self.width :]
        return np.packbits(bits).tobytes()


def is_compressor(name: str) -> bool:
    """Whether a name stands for a compressor."""
    return name in COMPRESSORS


def start(names: Sequence[str], letters: int) -> dict[str, Compressed]:
    """Compressors by name; raises InputError where one is not installed."""
    return {name: Compressed(name, letters) for name in names}

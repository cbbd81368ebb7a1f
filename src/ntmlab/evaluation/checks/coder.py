"""An arithmetic coder in whole numbers, small and exact.

Witten, Neal and Cleary, *Arithmetic coding for data compression* (1987), with 62 bits in place of
their 16. Probabilities become whole numbers of 2^40 in all, at least 1 each, so that a letter costs
40 bits at most and rounding costs less than a millionth of a bit a symbol; the end costs two bits.
The decoder needs the very numbers that the encoder had: a probability recomputed by another route,
with another rounding, decodes wrongly, and nothing would say so.

Packages were tried: one with words of 32 bits costs 17 or 36 bits a sequence of 133, one with a
grid of 2^-16 another 4.5 and cannot go step by step. This one costs 2.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from ntmlab.evaluation.bits import Array

TOTAL: Final = 2**40
END_BITS: Final = 2

_BITS: Final = 62
_WHOLE, _HALF, _QUARTER = 2**_BITS, 2 ** (_BITS - 1), 2 ** (_BITS - 2)


def frequencies(probabilities: Array) -> list[int]:
    """Whole numbers of sum 2^40, at least 1 each, in proportion to probabilities (k,).

    >>> [f / TOTAL for f in frequencies(np.array([0.25, 0.75]))]
    [0.25, 0.75]
    """
    letters = len(probabilities)
    share = np.floor(np.asarray(probabilities, np.float64) * (TOTAL - letters)).astype(np.int64) + 1
    share[int(share.argmax())] += TOTAL - int(share.sum())
    return [int(f) for f in share]


class Encoder:
    """Symbols in, bits out."""

    def __init__(self) -> None:
        self.bits: list[int] = []
        self._low, self._high, self._pending = 0, _WHOLE - 1, 0

    def put(self, symbol: int, probabilities: Array) -> None:
        """Takes in a symbol, of which these were the probabilities."""
        self._low, self._high = _narrowed(self._low, self._high, frequencies(probabilities), symbol)
        while True:
            if self._high < _HALF:
                self._write(0)
            elif self._low >= _HALF:
                self._write(1)
                self._low, self._high = self._low - _HALF, self._high - _HALF
            elif self._low >= _QUARTER and self._high < 3 * _QUARTER:
                self._pending += 1
                self._low, self._high = self._low - _QUARTER, self._high - _QUARTER
            else:
                return
            self._low, self._high = 2 * self._low, 2 * self._high + 1

    def finish(self) -> list[int]:
        """The bits, complete."""
        self._pending += 1
        self._write(0 if self._low < _QUARTER else 1)
        return self.bits

    def _write(self, bit: int) -> None:
        self.bits += [bit, *[1 - bit] * self._pending]
        self._pending = 0


class Decoder:
    """Bits in, symbols out; after the last bit zeros follow."""

    def __init__(self, bits: Iterable[int]) -> None:
        self._bits = iter(bits)
        self._low, self._high, self._value = 0, _WHOLE - 1, 0
        for _ in range(_BITS):
            self._value = 2 * self._value + next(self._bits, 0)

    def get(self, probabilities: Array) -> int:
        """The next symbol, of which these are the probabilities."""
        shares = frequencies(probabilities)
        width = self._high - self._low + 1
        place = ((self._value - self._low + 1) * TOTAL - 1) // width
        symbol, below = 0, shares[0]
        while below <= place:
            symbol += 1
            below += shares[symbol]
        self._low, self._high = _narrowed(self._low, self._high, shares, symbol)
        while True:
            if self._low >= _HALF:
                shift = _HALF
            elif self._low >= _QUARTER and self._high < 3 * _QUARTER:
                shift = _QUARTER
            elif self._high < _HALF:
                shift = 0
            else:
                return symbol
            low, high, value = self._low - shift, self._high - shift, self._value - shift
            self._low, self._high = 2 * low, 2 * high + 1
            self._value = 2 * value + next(self._bits, 0)


def _narrowed(low: int, high: int, shares: list[int], symbol: int) -> tuple[int, int]:
    """The part of an interval that a symbol has."""
    width, below = high - low + 1, sum(shares[:symbol])
    return low + width * below // TOTAL, low + width * (below + shares[symbol]) // TOTAL - 1

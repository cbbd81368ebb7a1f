"""Inputs that try a predictor: what its task allows, small and large, at lengths about chunks.

Legend: B batch, T time, I inputs, k letters.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ntmlab.letters import write_letters
from ntmlab.sequences import Sequences, Task, next_symbol, symbols_of

# About the sizes of chunks that kernels and models work in.
LENGTHS: Final = (1, 2, 63, 64, 65, 67, 127, 128, 129, 200)
LONGEST: Final = 200  # beyond, lengths are doubled as far as there is time
NEAR: Final = 67  # the longest at which much is tried

# Of inputs that may be any numbers: models that leak by a cancellation do so at large ones.
SCALES: Final = (3.0, 0.1)

SEED: Final = 2027


class Probes:
    """Four kinds of sequences of a task, one a row, of any length up to the longest.

    Of a next-symbol task: drawn from it, letters at random, all the first letter, all the last. Of
    a task of answers: drawn, bits at random, and normal numbers of scale 3 and 0.1; where
    ``numbers`` is false (what is under test reads its inputs as the task lays them out) four drawn
    sequences, of the task's own length and cut; changes are then of the first channel.

    ``further`` are lengths that are tried after the others, and by some checks alone, as long as
    there is time.
    """

    rows: Final = 4
    further: Sequence[int] = ()

    def __init__(
        self, task: Task, lengths: Sequence[int], *, numbers: bool, further: Sequence[int] = ()
    ) -> None:
        self.letters, self.random = task.letters, np.random.default_rng(SEED)
        longest = max([*lengths, *further])
        drawn = _drawn(task, longest)
        self.symbols: NDArray[np.int64] | None = None  # (4, T)
        if self.letters is not None:
            self.symbols = self._symbols(drawn, longest)
            self.inputs = next_symbol(self.symbols, self.letters).inputs
        elif numbers:
            self.inputs = self._numbers(drawn, longest)
        else:
            self.inputs = drawn[:, :longest]
        self.strict = self.letters is None and not numbers
        own = set() if longest == self.inputs.shape[1] else {self.inputs.shape[1]}
        self.seconds: dict[int, float] = {}  # of a pass of four rows, by length, where measured
        self.lengths = sorted({n for n in lengths if n <= self.inputs.shape[1]} | own)
        self.further, self.untried = list(further), ""  # and in words, which were not tried

    def leave_out(self, length: int) -> None:
        """Neither this length nor longer ones of the further ones are tried."""
        least = max(n for n in (*self.lengths, *self.further) if n < length)
        self.untried = f"; steps beyond {least} of {self.further[-1]} were not tried"
        self.further = [n for n in self.further if n < length]

    def seconds_of(self, rows: int, length: int) -> float:
        """About how long so many rows take; 0 where nothing was measured."""
        fitting = (n for n in self.seconds if n <= length or n not in self.further)
        longest = max(fitting, default=1)
        return self.seconds.get(longest, 0.0) * rows * length / (self.rows * longest)

    def of(self, length: int) -> Tensor:
        """The four sequences, cut, (4, T, I)."""
        return self.inputs[:, :length].clone()

    def changed(self, base: Tensor, steps: Sequence[int]) -> Tensor:
        """One sequence (T, I) again and again, each time another at one of the steps, (S, T, I)."""
        rows = base.repeat(len(steps), 1, 1)
        for row, step in enumerate(steps):
            rows[row, step] = self._other(base[step])
        return rows

    def changeable(self, length: int) -> list[int]:
        """The steps whose input can be changed; the first of a next-symbol task is a filler."""
        return list(range(0 if self.letters is None else 1, length))

    def others(self, rows: int, length: int) -> Tensor:
        """More sequences, extreme ones, to stand beside, (B, T, I)."""
        if self.strict:
            return self.inputs[:1, :length].repeat(rows, 1, 1)
        if self.letters is None:
            return self.inputs[:1, :length].repeat(rows, 1, 1).flip(1) * SCALES[0]
        symbols = self.random.integers(self.letters, size=(rows, length))
        return next_symbol(symbols, self.letters).inputs

    def written(self, inputs: Tensor) -> str:
        """A sequence (T, I) in words, as letters where it has them."""
        if self.letters is None:
            return f"{len(inputs)} steps"
        symbols = symbols_of(inputs[None].numpy(), self.letters)[0, 1:]
        if not len(symbols):
            return "the empty sequence"
        if (symbols == symbols[0]).all():
            return f"{len(symbols)} times {write_letters(symbols[:1], self.letters)}"
        text = write_letters(symbols, self.letters)
        return text if len(text) <= 80 else f"{text[:36]}…{text[-36:]} ({len(symbols)} symbols)"

    def _other(self, shown: Tensor) -> Tensor:
        """Another input in place of one, (I,)."""
        if self.strict:
            return torch.cat([1 - shown[:1], shown[1:]])
        if self.letters is None:
            return 1 - shown if ((shown == 0) | (shown == 1)).all() else -shown
        if self.letters == 2:
            return 1 - shown
        return shown.roll(int(self.random.integers(1, self.letters)))

    def _symbols(self, drawn: Tensor, length: int) -> NDArray[np.int64]:
        assert self.letters is not None
        first = symbols_of(drawn.numpy(), self.letters)[0]
        constant = [np.full(length, 0), np.full(length, self.letters - 1)]
        at_random = self.random.integers(self.letters, size=length)
        return np.stack([np.resize(first, length), at_random, *constant]).astype(np.int64)

    def _numbers(self, drawn: Tensor, length: int) -> Tensor:
        rows, channels = self.rows, drawn.shape[-1]
        bits = self.random.integers(2, size=(rows, length, channels))
        found = torch.from_numpy(bits.astype(np.float32))
        shown = min(length, drawn.shape[1])
        found[0, :shown] = drawn[0, :shown]
        normal = self.random.normal(size=(len(SCALES), length, channels)).astype(np.float32)
        for row, scale in enumerate(SCALES, start=2):
            found[row] = torch.from_numpy(normal[row - 2]) * scale
        return found


def _drawn(task: Task, length: int) -> Tensor:
    """Four sequences of a task: targets of a next-symbol task, else inputs; as long as it can."""
    source: Any = task
    if task.letters is not None and dataclasses.is_dataclass(source) and hasattr(source, "length"):
        source = dataclasses.replace(source, length=max(length, task.steps))  # type: ignore[type-var]
    sequences: Sequences = source.sample(Probes.rows, SEED)
    return sequences.inputs if task.letters is None else sequences.targets


def further(steps: int) -> list[int]:
    """Lengths beyond the usual ones, up to the task's own.

    >>> further(200), further(300), further(1000)
    ([], [300], [400, 800, 1000])
    """
    found, length = [], 2 * LONGEST
    while length < steps:
        found.append(length)
        length *= 2
    return [*found, steps] if steps > LONGEST else []


def near(lengths: Sequence[int]) -> int:
    """The longest length up to 67, of more than one step if there is one.

    >>> near((1, 64, 200)), near((1, 100, 200)), near((1,))
    (64, 100, 1)
    """
    several = [n for n in lengths if n > 1] or list(lengths)
    return max((n for n in several if n <= NEAR), default=min(several))

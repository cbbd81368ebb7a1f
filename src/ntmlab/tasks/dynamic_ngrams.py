"""Dynamic N-grams: bits from a table of transition probabilities that is new in every sequence.

*Neural Turing Machines* (2014), section 4.4. Legend: B batch, T time, k = order - 1 context bits.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ntmlab.errors import InputError
from ntmlab.optimal.kt import ContextKT, check_context
from ntmlab.sequences import Sequences
from ntmlab.tasks.draws import BLOCK, blocks, generator, uniforms

TABLE_STREAM, BIT_STREAM = 0, 1
BLOCKS_AT_ONCE = 8  # drawn in one pass over time; keeps the tables within the cache


@dataclasses.dataclass(frozen=True)
class DynamicNGrams:
    """The next-bit task of the paper: order 6 means five bits of context, hence 32 probabilities.

    For every sequence a fresh table of P(next bit = 1 | previous order - 1 bits) is drawn from
    Beta(a, b), entries independent; the first order - 1 bits are fair coins. Every bit is scored.

    >>> task = DynamicNGrams(order=3, length=8)
    >>> sequences = task.sample(2, seed=0)
    >>> sequences.inputs.shape, sequences.targets.shape, sequences.mask.shape
    (torch.Size([2, 8, 1]), torch.Size([2, 8, 1]), torch.Size([2, 8]))
    >>> bool((sequences.inputs[:, 1:] == sequences.targets[:, :-1]).all())  # input t is bit t - 1
    True

    Raises InputError for an order outside 1..17, a length below 1, or a prior that is not positive.
    """

    order: int = 6
    length: int = 200
    prior: tuple[float, float] = (0.5, 0.5)

    name: ClassVar[str] = "dynamic-ngrams"
    input_size: ClassVar[int] = 1
    output_size: ClassVar[int] = 1
    deterministic: ClassVar[bool] = False
    marker_channels: ClassVar[int] = 0
    sizes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "length": ("length",),
        "order": ("order",),
        "prior": ("prior",),
    }
    form: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.order <= 17:
            raise InputError(f"order must be between 1 and 17, not {self.order}")
        if self.length < 1:
            raise InputError(f"length must be at least 1, not {self.length}")
        object.__setattr__(self, "prior", tuple(float(value) for value in self.prior))
        check_context(self.context_bits, self.prior)

    @property
    def steps(self) -> int:
        """Steps of a sequence."""
        return self.length

    @property
    def context_bits(self) -> int:
        """Bits of context, k."""
        return self.order - 1

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make this task again."""
        return dataclasses.asdict(self)

    def optimal(self) -> ContextKT:
        """The Bayes-optimal predictor of this task (Eq. 10)."""
        return ContextKT(self.context_bits, self.prior)

    def sample(self, count: int, seed: int, start: int = 0) -> Sequences:
        """Sequences number start .. start + count - 1 of a seed.

        A sequence depends on seed and number only, and a shorter length gives its first bits.
        """
        every = list(blocks(count, seed, start))
        groups = [every[i : i + BLOCKS_AT_ONCE] for i in range(0, len(every), BLOCKS_AT_ONCE)]
        return as_sequences(np.concatenate([self._draw(seed, group) for group in groups]))

    def tables(self, count: int, seed: int, start: int = 0) -> NDArray[np.float64]:
        """The tables behind ``sample``, (count, 2^k): P(next = 1) by context, oldest bit first."""
        parts = [self._tables(seed, block)[rows] for block, rows in blocks(count, seed, start)]
        return np.concatenate(parts)

    def _tables(self, seed: int, block: int) -> NDArray[np.float64]:
        """Tables of a whole block, (BLOCK, 2^k)."""
        shape = (BLOCK, 2**self.context_bits)
        bits = generator(seed, block, TABLE_STREAM)
        if self.prior == (0.5, 0.5):  # the arcsine law, by its quantile function
            return np.asarray(np.sin(np.pi / 2 * uniforms(bits, *shape)) ** 2)
        return np.random.Generator(bits).beta(*self.prior, size=shape)

    def _draw(self, seed: int, group: list[tuple[int, slice]]) -> NDArray[np.uint8]:
        """Bits (B, T) of some rows of some blocks."""
        table = np.concatenate([self._tables(seed, block)[rows] for block, rows in group]).ravel()
        shape = (self.length, BLOCK)
        uniform = np.concatenate(
            [uniforms(generator(seed, b, BIT_STREAM), *shape)[:, rows] for b, rows in group], axis=1
        )
        bits = np.empty(uniform.shape, dtype=np.uint8)
        first_entry = np.arange(uniform.shape[1]) << self.context_bits
        context = np.zeros(uniform.shape[1], dtype=np.int64)
        for t in range(self.length):
            probability = table[first_entry + context] if t >= self.context_bits else 0.5
            bit = uniform[t] < probability
            bits[t] = bit
            context = ((context << 1) | bit) & (2**self.context_bits - 1)
        return bits.T


def as_sequences(bits: ArrayLike | Sequence[Sequence[int]]) -> Sequences:
    """Next-bit sequences from bits (B, T): the input at t is bit t - 1, every bit is scored.

    >>> as_sequences([[1, 1, 0]]).inputs.flatten().tolist()
    [0.0, 1.0, 1.0]
    """
    targets = torch.from_numpy(np.ascontiguousarray(bits, dtype=np.float32)).unsqueeze(-1)
    inputs = torch.zeros_like(targets)
    inputs[:, 1:] = targets[:, :-1]
    return Sequences(inputs, targets, torch.ones(targets.shape[:2]))

"""Associative recall: say the item that followed the one shown again.

*Neural Turing Machines* (2014), section 4.3. Legend: B batch, T time, W bits of a vector.
"""

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from ntmlab.given import check_probability, check_whole
from ntmlab.optimal.answers import AnswerRecall
from ntmlab.optimal.layout import counted, laid_out
from ntmlab.sequences import Sequences, answer_sequences
from ntmlab.tasks.draws import BLOCK, bit_vectors, by_block, generator, uniforms, whole_numbers
from ntmlab.tasks.ranges import WIDEST, Range, check_range, check_steps
from ntmlab.tasks.vectors import VectorTask

ITEM_STREAM, VECTOR_STREAM, QUERY_STREAM, ALIKE_STREAM = 0, 1, 2, 3


@dataclasses.dataclass(frozen=True)
class Recall(VectorTask):
    """Recall the item that followed a query item.

    A sequence of n items, uniform from ``min_items`` to ``max_items``, shows each item as a
    delimiter and ``item_length`` vectors of fair bits; then one of the items but the last, between
    two query delimiters; then nothing for ``item_length`` steps, whose targets are the vectors of
    the item after the query. Only these are scored. Each delimiter has a channel: W for items,
    W + 1 for queries (rows 7 and 8 of the paper's figures).

    >>> drawn = Recall(width=1, item_length=1, min_items=3, max_items=3).sample(1, seed=6)
    >>> drawn.inputs[0, :, 0].int().tolist()  # items 1, 0, 1; query 0
    [0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    >>> drawn.inputs[0, :, 1:].int().T.tolist()  # item delimiters, query delimiters
    [[1, 0, 1, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 1, 0]]
    >>> drawn.targets[0, :, 0].int().tolist(), drawn.mask[0].int().tolist()
    ([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])

    Two items of a sequence are equal once in 2^18 pairs at the paper's size; the exact answer then
    gives both their chance. With ``alike``, that part of the items after the first are an earlier
    one of their sequence but for one bit, another bit for each. Raises InputError for sizes that
    are out of range or order, or a part outside [0, 1).
    """

    width: int = 6
    item_length: int = 3
    min_items: int = 2
    max_items: int = 6
    alike: float = 0.0

    name: ClassVar[str] = "recall"
    sizes: ClassVar[Mapping[str, tuple[str, ...]]] = {"items": ("min_items", "max_items")}
    form: ClassVar[tuple[str, ...]] = ("width", "item_length")
    ranges: ClassVar[Mapping[str, Range]] = {"items": Range(2, 6, 20)}

    def __post_init__(self) -> None:
        check_whole("width", self.width, 1, WIDEST)
        check_whole("item_length", self.item_length, 1)
        check_range("items", self.min_items, self.max_items, floor=2)
        part = check_probability("alike", self.alike, certain=False)
        object.__setattr__(self, "alike", part)
        check_steps(self.steps)

    @property
    def input_size(self) -> int:
        """Vector bits, item delimiter, query delimiter."""
        return self.width + 2

    @property
    def steps(self) -> int:
        """Steps of the longest sequence."""
        return self._steps(self.max_items)

    def _steps(self, items: int) -> int:
        return (items + 1) * (self.item_length + 1) + 1 + self.item_length

    def optimal(self) -> AnswerRecall:
        """The exact answer."""
        return AnswerRecall(self.item_length)

    def queries(self, count: int, seed: int, start: int = 0) -> np.ndarray:
        """The numbers of the query items behind ``sample``, (count,), counted from 0."""
        items = self._items(count, seed, start)

        def draw(block: int) -> np.ndarray:
            return uniforms(generator(seed, block, QUERY_STREAM), BLOCK)

        uniform = by_block(draw, count, seed, start).astype(np.float64)
        return np.asarray(uniform * (items - 1), dtype=np.int64)

    def _vectors(self, count: int, seed: int, start: int) -> np.ndarray:
        """The vectors of all items, (count, max_items * item_length, width)."""
        place, vectors = (count, seed, start), self.max_items * self.item_length
        fair = bit_vectors(*place, stream=VECTOR_STREAM, vectors=vectors, width=self.width)
        if self.alike == 0:
            return fair

        def draw(block: int) -> np.ndarray:
            bits = generator(seed, block, ALIKE_STREAM)
            return uniforms(bits, self.max_items, 2, BLOCK).transpose(2, 0, 1)

        whether, which = np.moveaxis(by_block(draw, *place).astype(np.float64), 2, 0)
        bits = self.item_length * self.width
        items = fair.reshape(count, self.max_items, bits)
        for number in range(1, self.max_items):
            rows = np.flatnonzero(whether[:, number] < self.alike)
            items[rows, number] = items[rows, (which[rows, number] * number).astype(np.int64)]
            # Of each item another bit: those of a sequence are not made equal by it.
            changed = (which[rows, 0] * bits).astype(np.int64) + number
            items[rows, number, changed % bits] = 1 - items[rows, number, changed % bits]
        return items.reshape(fair.shape)

    def _items(self, count: int, seed: int, start: int) -> np.ndarray:
        return whole_numbers(
            count, seed, start, stream=ITEM_STREAM, least=self.min_items, most=self.max_items
        )

    def sample(self, count: int, seed: int, start: int = 0) -> Sequences:
        """Sequences number start .. start + count - 1 of a seed, padded to the longest of them."""
        items, query = self._items(count, seed, start), self.queries(count, seed, start)
        size, slot = self.item_length, self.item_length + 1
        vectors = self._vectors(count, seed, start)
        steps = self._steps(int(items.max()))
        shown = counted(steps, np.zeros_like(items), items * slot)
        asked = counted(steps, items * slot, np.full_like(items, slot + 1))
        answer = counted(steps, items * slot + slot + 1, np.full_like(items, size))
        # Step 0 of a slot is its delimiter, step k its vector k - 1.
        number = np.where(shown % slot > 0, shown // slot * size + shown % slot - 1, -1)
        number = np.where((asked > 0) & (asked <= size), query[:, None] * size + asked - 1, number)
        marks = ((shown >= 0) & (shown % slot == 0), (asked == 0) | (asked == slot))
        inputs = np.concatenate([laid_out(vectors, number), np.stack(marks, -1)], -1)
        target = np.where(answer >= 0, (query[:, None] + 1) * size + answer, -1)
        parts = (inputs, laid_out(vectors, target), answer >= 0)
        return answer_sequences(*parts)

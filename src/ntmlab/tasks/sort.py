"""Priority sort: say the vectors of highest priority, in order.

*Neural Turing Machines* (2014), section 4.5. Legend: B batch, T time, W bits of a vector.
"""

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from ntmlab.given import check_whole
from ntmlab.optimal.answers import AnswerSort
from ntmlab.optimal.layout import at, counted, laid_out
from ntmlab.sequences import Sequences, answer_sequences
from ntmlab.tasks.draws import BLOCK, bit_vectors, by_block, generator, uniforms
from ntmlab.tasks.ranges import WIDEST, check_steps
from ntmlab.tasks.vectors import VectorTask

VECTOR_STREAM, PRIORITY_STREAM = 0, 1


@dataclasses.dataclass(frozen=True)
class PrioritySort(VectorTask):
    """Sort random vectors by priority, highest first.

    Every sequence has ``count`` + 1 + ``kept`` steps: vectors of fair bits, each with a priority
    uniform in [-1, 1) on a channel of its own; a delimiter on another; then nothing for ``kept``
    steps, whose targets are the vectors of highest priority, highest first. Only these are scored.

    >>> drawn = PrioritySort(width=2, count=3, kept=2).sample(1, seed=1)
    >>> [[round(x, 2) for x in step] for step in drawn.inputs[0, :3].tolist()]
    [[1.0, 1.0, -0.85, 0.0], [1.0, 0.0, -0.02, 0.0], [0.0, 1.0, 0.55, 0.0]]
    >>> drawn.targets[0].int().tolist()
    [[0, 0], [0, 0], [0, 0], [0, 0], [0, 1], [1, 0]]
    >>> drawn.mask[0].int().tolist()
    [0, 0, 0, 0, 1, 1]

    Raises InputError for a width outside 1..64, or unless 1 <= kept <= count.
    """

    width: int = 8
    count: int = 20
    kept: int = 16

    name: ClassVar[str] = "sort"
    sizes: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    form: ClassVar[tuple[str, ...]] = ("width", "count", "kept")

    def __post_init__(self) -> None:
        check_whole("width", self.width, 1, WIDEST)
        check_whole("count", self.count, 1)
        check_whole("kept", self.kept, 1, self.count)
        check_steps(self.steps)

    @property
    def input_size(self) -> int:
        """Vector bits, priority, delimiter."""
        return self.width + 2

    @property
    def steps(self) -> int:
        """Steps of every sequence."""
        return self.count + 1 + self.kept

    def optimal(self) -> AnswerSort:
        """The exact answer."""
        return AnswerSort(self.kept)

    def sample(self, count: int, seed: int, start: int = 0) -> Sequences:
        """Sequences number start .. start + count - 1 of a seed."""
        vectors = bit_vectors(
            *(count, seed, start), stream=VECTOR_STREAM, vectors=self.count, width=self.width
        )

        def draw(block: int) -> np.ndarray:
            return uniforms(generator(seed, block, PRIORITY_STREAM), self.count, BLOCK).T

        # In float32 already here, so that order and inputs agree.
        priority = (2 * by_block(draw, count, seed, start) - 1).astype(np.float32)  # (B, count)
        order = np.argsort(-priority, axis=1, kind="stable")
        end = np.full(count, self.count)
        shown = counted(self.steps, np.zeros_like(end), end)
        answer = counted(self.steps, end + 1, np.full_like(end, self.kept))
        channels = (laid_out(priority[..., None], shown), at(self.steps, end)[..., None])
        inputs = np.concatenate([laid_out(vectors, shown), *channels], axis=-1)
        chosen = np.take_along_axis(order, answer, axis=1)
        targets = laid_out(vectors, np.where(answer >= 0, chosen, -1))
        parts = (inputs, targets, (answer >= 0).astype(np.float32))
        return answer_sequences(*parts)

"""Copy: say a sequence of vectors again.

*Neural Turing Machines* (2014), section 4.1. Legend: B batch, T time, W bits of a vector.
"""

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from ntmlab.given import check_probability, check_whole
from ntmlab.optimal.answers import AnswerCopy
from ntmlab.optimal.layout import at, counted, laid_out
from ntmlab.sequences import Predictor, Sequences, answer_sequences
from ntmlab.tasks.draws import bit_vectors, whole_numbers
from ntmlab.tasks.ranges import WIDEST, Range, check_range, check_steps
from ntmlab.tasks.vectors import VectorTask

LENGTH_STREAM, VECTOR_STREAM = 0, 1


@dataclasses.dataclass(frozen=True)
class Copy(VectorTask):
    """Copy a sequence of random vectors after its end.

    A sequence of length L, uniform from ``min_length`` to ``max_length``, has 2 L + 1 steps: L
    vectors of fair bits, a delimiter on a channel of its own, then L steps without input whose
    targets are the vectors. Only these are scored.

    >>> drawn = Copy(width=2, min_length=3, max_length=3).sample(1, seed=0)
    >>> drawn.inputs[0].int().tolist()  # two bits, delimiter
    [[0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    >>> drawn.targets[0].int().tolist()
    [[0, 0], [0, 0], [0, 0], [0, 0], [0, 1], [1, 0], [0, 1]]
    >>> drawn.mask[0].int().tolist()
    [0, 0, 0, 0, 1, 1, 1]

    A vector is blank, as a step of the answer is, once in 256; with ``blanks``, that part of the
    vectors is as well. The paper's parameter counts imply one channel more on each side, of which
    its text says nothing. Raises InputError for a width outside 1..64, lengths below 1 or out of
    order, or a part outside [0, 1).
    """

    width: int = 8
    min_length: int = 1
    max_length: int = 20
    blanks: float = 0.0

    name: ClassVar[str] = "copy"
    sizes: ClassVar[Mapping[str, tuple[str, ...]]] = {"length": ("min_length", "max_length")}
    form: ClassVar[tuple[str, ...]] = ("width",)
    ranges: ClassVar[Mapping[str, Range]] = {"length": Range(1, 20, 120)}

    def __post_init__(self) -> None:
        check_whole("width", self.width, 1, WIDEST)
        check_range("length", self.min_length, self.max_length)
        part = check_probability("blanks", self.blanks, certain=False)
        object.__setattr__(self, "blanks", part)
        check_steps(self.steps)

    @property
    def input_size(self) -> int:
        """Vector bits, delimiter."""
        return self.width + 1

    @property
    def steps(self) -> int:
        """Steps of the longest sequence."""
        return 2 * self.max_length + 1

    def optimal(self) -> Predictor:
        """The exact answer."""
        return AnswerCopy()

    def sample(self, count: int, seed: int, start: int = 0) -> Sequences:
        """Sequences number start .. start + count - 1 of a seed, padded to the longest of them."""
        place = (count, seed, start)
        length = whole_numbers(
            *place, stream=LENGTH_STREAM, least=self.min_length, most=self.max_length
        )
        vectors = bit_vectors(
            *place,
            stream=VECTOR_STREAM,
            vectors=self.max_length,
            width=self.width,
            blanks=self.blanks,
        )
        steps = 2 * int(length.max()) + 1
        answer = counted(steps, length + 1, length)
        given = laid_out(vectors, counted(steps, np.zeros_like(length), length))
        inputs = np.concatenate([given, at(steps, length)[..., None]], axis=-1)
        parts = (inputs, laid_out(vectors, answer), (answer >= 0).astype(np.float32))
        return answer_sequences(*parts)

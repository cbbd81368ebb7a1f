"""Repeat copy: say a sequence of vectors a given number of times, and mark the end.

*Neural Turing Machines* (2014), section 4.2. Legend: B batch, T time, W bits of a vector.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from ntmlab.errors import InputError
from ntmlab.given import check_probability, check_whole
from ntmlab.optimal.answers import AnswerRepeatCopy
from ntmlab.optimal.layout import at, counted, laid_out
from ntmlab.sequences import Sequences, answer_sequences
from ntmlab.tasks.draws import bit_vectors, whole_numbers
from ntmlab.tasks.ranges import WIDEST, Range, check_range, check_steps
from ntmlab.tasks.vectors import VectorTask

LENGTH_STREAM, VECTOR_STREAM, REPEAT_STREAM = 0, 1, 2


@dataclasses.dataclass(frozen=True)
class RepeatCopy(VectorTask):
    """Copy a sequence of random vectors a given number of times, then mark the end.

    A sequence of length L and r repeats, both uniform in their ranges, has L + 1 + r L + 1 steps: L
    vectors of fair bits; one step with a delimiter and the count r, on a channel each; then
    without input the r copies and a last step whose target is the end marker, an output of its own.
    The scored steps are the copies and the end.

    The count appears as (r - mean) / sd over ``count_range``, the repeats of training, whatever
    repeats are drawn: (r - 5.5) / 2.8723 for 1 to 10.

    >>> task = RepeatCopy(width=1, min_length=2, max_length=2, min_repeats=2, max_repeats=2)
    >>> drawn = task.sample(1, seed=0)
    >>> [round(x, 4) for x in drawn.inputs[0, 2].tolist()]  # bit, delimiter, count
    [0.0, 1.0, -1.2185]
    >>> drawn.inputs[0, :, 0].int().tolist()
    [0, 1, 0, 0, 0, 0, 0, 0]
    >>> drawn.targets[0].int().tolist()  # bit, end marker
    [[0, 0], [0, 0], [0, 0], [0, 0], [1, 0], [0, 0], [1, 0], [0, 1]]
    >>> drawn.mask[0].int().tolist()
    [0, 0, 0, 1, 1, 1, 1, 1]

    Vectors have 8 bits as in the paper's text; its parameter counts imply 6, with as many channels
    beside them as here. With ``blanks``, that part of the vectors is all zeros, as in `Copy`.
    Raises InputError for sizes that are out of range or order, or a part outside [0, 1).
    """

    width: int = 8
    min_length: int = 1
    max_length: int = 10
    min_repeats: int = 1
    max_repeats: int = 10
    count_range: tuple[int, int] = (1, 10)
    blanks: float = 0.0

    name: ClassVar[str] = "repeat-copy"
    marker_channels: ClassVar[int] = 1
    sizes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "length": ("min_length", "max_length"),
        "repeats": ("min_repeats", "max_repeats"),
    }
    form: ClassVar[tuple[str, ...]] = ("width", "count_range")
    ranges: ClassVar[Mapping[str, Range]] = {
        "length": Range(1, 10, 20),
        "repeats": Range(1, 5, 20),
    }

    def __post_init__(self) -> None:
        check_whole("width", self.width, 1, WIDEST)
        check_range("length", self.min_length, self.max_length)
        check_range("repeats", self.min_repeats, self.max_repeats)
        if not isinstance(self.count_range, list | tuple) or len(self.count_range) != 2:
            raise InputError(f"count_range must be two whole numbers, not {self.count_range!r}")
        least, most = self.count_range
        check_whole("count_range's first", least, 1)
        check_whole("count_range's last", most, least + 1)
        object.__setattr__(self, "count_range", (least, most))
        part = check_probability("blanks", self.blanks, certain=False)
        object.__setattr__(self, "blanks", part)
        check_steps(self.steps)

    @property
    def input_size(self) -> int:
        """Vector bits, delimiter, count."""
        return self.width + 2

    @property
    def steps(self) -> int:
        """Steps of the longest sequence."""
        return self.max_length * (1 + self.max_repeats) + 2

    @property
    def count_mean(self) -> float:
        """Mean of the repeats of training."""
        return sum(self.count_range) / 2

    @property
    def count_sd(self) -> float:
        """Standard deviation of the repeats of training."""
        values = self.count_range[1] - self.count_range[0] + 1
        return math.sqrt((values**2 - 1) / 12)

    def optimal(self) -> AnswerRepeatCopy:
        """The exact answer."""
        return AnswerRepeatCopy(self.count_mean, self.count_sd)

    def sample(self, count: int, seed: int, start: int = 0) -> Sequences:
        """Sequences number start .. start + count - 1 of a seed, padded to the longest of them."""
        place = (count, seed, start)
        length = whole_numbers(
            *place, stream=LENGTH_STREAM, least=self.min_length, most=self.max_length
        )
        repeats = whole_numbers(
            *place, stream=REPEAT_STREAM, least=self.min_repeats, most=self.max_repeats
        )
        vectors = bit_vectors(
            *place,
            stream=VECTOR_STREAM,
            vectors=self.max_length,
            width=self.width,
            blanks=self.blanks,
        )
        steps = int((length * (1 + repeats)).max()) + 2
        delimiter, number = at(steps, length), (repeats - self.count_mean) / self.count_sd
        given = laid_out(vectors, counted(steps, np.zeros_like(length), length))
        count_channel = np.where(delimiter > 0, number[:, None], 0).astype(np.float32)
        inputs = np.concatenate([given, np.stack([delimiter, count_channel], axis=-1)], axis=-1)
        copied = counted(steps, length + 1, length * repeats)
        again = np.where(copied >= 0, copied % length[:, None], -1)
        end = at(steps, length * (1 + repeats) + 1)
        targets = np.concatenate([laid_out(vectors, again), end[..., None]], axis=-1)
        parts = (inputs, targets, (copied >= 0).astype(np.float32) + end)
        return answer_sequences(*parts)

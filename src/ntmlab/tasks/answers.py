"""A task of answers: bits that follow from what was shown, and all that follows from that.

Legend: B batch, T time, I input channels, O target bits a step.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.foreign import guarded
from ntmlab.given import check_whole
from ntmlab.outputs import Bits
from ntmlab.sequences import Predictor, Sequences, answer_sequences, why_no_sequences
from ntmlab.tasks.draws import BLOCK, blocks, check_drawn, generator
from ntmlab.tasks.options import option_names

DRAW_STREAM = 0
SIZES = ("length", "repeats", "items")  # as the command line names them

Drawn = tuple[ArrayLike, ArrayLike, ArrayLike]  # inputs, targets, mask
Inputs = NDArray[np.float32]  # (B, T, I)


class AnswerTask:
    """The base of tasks whose targets are bits that are asked for: it says how to draw them.

    A subclass, a frozen dataclass as a rule, gives ``name``, ``input_size``, ``output_size`` and
    ``steps``, those of the longest sequence, as fields, properties or class attributes, and

    ``draw(rows, random)``: inputs (rows, T, I), targets (rows, T, O) of 0 and 1, and a mask
    (rows, T), 1 at the steps that are scored, where alone targets matter; T is ``steps``, and a
    shorter sequence ends in zeros. It may use ``random``, a NumPy generator, only, so that a
    sequence depends on its seed and number alone;

    ``answer(inputs)``: P of a 1 for each target bit, (B, T, O), as exactly as it can be known from
    inputs (B, T, I) up to its step. Where it is left out no optimum is known, and costs have no
    gap.

    Where targets do not follow from the inputs, as those of a noisy channel, ``deterministic =
    False`` says so, and no wrong bits are counted. The last ``marker_channels`` targets mark an
    end, and are counted apart. ``form`` names the options that a trained model is bound to.
    """

    if TYPE_CHECKING:  # fields, properties or class attributes of a subclass, as it likes

        @property
        def name(self) -> str: ...
        @property
        def input_size(self) -> int: ...
        @property
        def output_size(self) -> int: ...
        @property
        def steps(self) -> int: ...

    letters: ClassVar[None] = None
    deterministic: ClassVar[bool] = True
    marker_channels: ClassVar[int] = 0
    form: ClassVar[tuple[str, ...]] = ()

    @property
    def outputs(self) -> Bits:
        """What a step's targets are: independent bits."""
        return Bits(self.output_size)

    @property
    def sizes(self) -> Mapping[str, tuple[str, ...]]:
        """What the command line may fix: options of these names."""
        return {size: (size,) for size in SIZES if size in option_names(self)}

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make this task again; none where it is no dataclass."""
        return {name: getattr(self, name) for name in option_names(self)}

    def draw(self, rows: int, random: np.random.Generator) -> Drawn:
        """Inputs, targets and mask of ``rows`` sequences."""
        raise NotImplementedError(f"task {self.name} does not say how to draw")

    def answer(self, inputs: Inputs) -> ArrayLike:
        """P of a 1 for each target bit, (B, T, O)."""
        raise NotImplementedError(f"task {self.name} has no exact answer")

    def optimal(self) -> Predictor:
        """The exact answer; raises NotImplementedError if there is none."""
        if type(self).answer is AnswerTask.answer:
            raise NotImplementedError(f"task {self.name} has no exact answer")
        return Answer(self.name, self.answer)

    def sample(self, count: int, seed: int, start: int = 0) -> Sequences:
        """Sequences number start .. start + count - 1 of a seed, up to the last scored step.

        A sequence depends on seed and number only. Raises InputError for a count below 1, a seed
        outside [0, 2^64), or what is drawn in another shape or with other targets than bits.
        """
        check_whole(f"task {self.name}: steps", self.steps, 1)
        check_whole(f"task {self.name}: output_size", self.output_size, 1)
        markers = f"task {self.name}: marker_channels"
        check_whole(markers, self.marker_channels, 0, self.output_size - 1)
        parts = []
        for block, rows in blocks(count, seed, start):
            random = np.random.Generator(generator(seed, block, DRAW_STREAM))
            drawn = guarded(f"task {self.name}: its draw", self._drawn, random)
            parts.append([part[rows] for part in drawn])
        found = answer_sequences(*map(np.concatenate, zip(*parts, strict=True)))
        if (reason := why_no_sequences(found, count)) is not None:
            raise InputError(f"task {self.name}: its draw gave {reason}")
        return found.trim()

    def _drawn(self, random: np.random.Generator) -> list[NDArray[Any]]:
        """A block as `draw` gives it, in the shape that was asked for."""
        inputs, targets, mask = map(np.array, self.draw(BLOCK, random))  # its own may be drawn into
        before = (BLOCK, self.steps)
        for what, given, shape in (
            ("inputs", inputs, (*before, self.input_size)),
            ("targets", targets, (*before, self.output_size)),
            ("mask", mask, before),
        ):
            check_drawn(self.name, f"its draw gave {what}", given, shape)
        if not mask.any():
            raise InputError(f"task {self.name}: its draw gave no step that is scored")
        return [inputs, np.where((mask != 0)[..., None], targets, 0), mask]


class Answer:
    """What a user's task knows exactly, as a predictor: tested as one of a user's own."""

    optimum: ClassVar[bool] = True
    foreign: ClassVar[bool] = True

    def __init__(self, name: str, answer: Callable[[Inputs], ArrayLike]) -> None:
        self.name, self.answer = name, answer

    def __call__(self, inputs: Tensor) -> Tensor:
        """P of a 1 for each target bit, (B, T, O) float64."""
        given = inputs.detach().cpu().numpy().copy()
        said = guarded(f"task {self.name}: its answer", self.answer, given)
        return torch.from_numpy(np.array(said, dtype=np.float64))

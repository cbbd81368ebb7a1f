"""What flows through the package: sequences, and the two protocols around them.

Legend: B batch, T time, I input channels, O target bits a step.
"""

from typing import Any, NamedTuple, Protocol, Self

from torch import Tensor


class Sequences(NamedTuple):
    """A batch of sequences, float32, batch first."""

    inputs: Tensor  # (B, T, I)
    targets: Tensor  # (B, T, O), 0 or 1
    mask: Tensor  # (B, T), 1 where the step is scored

    def take(self, rows: slice) -> Self:
        """The sequences of some rows."""
        return self._replace(
            inputs=self.inputs[rows], targets=self.targets[rows], mask=self.mask[rows]
        )


class Predictor(Protocol):
    """Anything that turns inputs into the probability that each target bit is 1.

    It sees inputs (B, T, I) only, never targets, and returns float64 probabilities (B, T, O).
    Aligned: ``p[:, t]`` depends on inputs up to and including step t. On next-bit tasks the input
    at t is bit t - 1 (0 at t = 0), so that ``p[:, t] = P(x_t = 1 | x_<t)``.
    """

    def __call__(self, inputs: Tensor, /) -> Tensor: ...


class Task(Protocol):
    """Draws sequences; knows its sizes and its optimal predictor."""

    @property
    def name(self) -> str: ...
    @property
    def input_size(self) -> int: ...
    @property
    def output_size(self) -> int: ...
    @property
    def length(self) -> int: ...
    def sample(self, count: int, seed: int, start: int = 0) -> Sequences: ...
    def optimal(self) -> Predictor: ...
    def options(self) -> dict[str, Any]: ...

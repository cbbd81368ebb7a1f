"""What flows through the package: sequences, and the two protocols around them.

Legend: B batch, T time, I input channels, O target bits a step.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, Self

import torch
from torch import Tensor


class Sequences(NamedTuple):
    """A batch of sequences, float32, batch first.

    Where lengths vary, shorter sequences are padded with zeros at their end, after all scored
    steps, so that padding reaches neither cost nor gradient.
    """

    inputs: Tensor  # (B, T, I)
    targets: Tensor  # (B, T, O), 0 or 1
    mask: Tensor  # (B, T), 1 where the step is scored

    def take(self, rows: slice) -> Self:
        """The sequences of some rows."""
        return self._replace(
            inputs=self.inputs[rows], targets=self.targets[rows], mask=self.mask[rows]
        )

    def to(self, device: torch.device) -> Self:
        """The sequences on a device."""
        return type(self)(*(part.to(device) for part in self))

    def trim(self) -> Self:
        """Without the steps at the end that no sequence is scored on."""
        if (self.mask[:, -1] > 0).any():
            return self
        scored = torch.nonzero((self.mask > 0).any(0))
        end = int(scored[-1]) + 1 if len(scored) else 1
        return self._replace(
            inputs=self.inputs[:, :end], targets=self.targets[:, :end], mask=self.mask[:, :end]
        )


class Predictor(Protocol):
    """Anything that turns inputs into the probability that each target bit is 1.

    It sees inputs (B, T, I) only, never targets, and returns float64 probabilities (B, T, O).
    Aligned: ``p[:, t]`` depends on inputs up to and including step t. On next-bit tasks the input
    at t is bit t - 1 (0 at t = 0), so that ``p[:, t] = P(x_t = 1 | x_<t)``.
    """

    def __call__(self, inputs: Tensor, /) -> Tensor: ...


class Task(Protocol):
    """Draws sequences; knows its sizes and its optimal predictor.

    ``steps`` are those of its longest sequence. ``deterministic`` says that the targets follow
    from the inputs, so that wrong bits can be counted; the last ``marker_channels`` outputs are an
    end marker, counted apart. ``sizes`` names what the command line may fix, with the options each
    sets; ``form`` the options a trained model is bound to.
    """

    @property
    def name(self) -> str: ...
    @property
    def input_size(self) -> int: ...
    @property
    def output_size(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def deterministic(self) -> bool: ...
    @property
    def marker_channels(self) -> int: ...
    @property
    def sizes(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def form(self) -> tuple[str, ...]: ...
    def sample(self, count: int, seed: int, start: int = 0) -> Sequences: ...
    def optimal(self) -> Predictor: ...
    def options(self) -> dict[str, Any]: ...

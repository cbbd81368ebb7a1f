"""Residual blocks that mix over time: what most models since the Transformer have in common.

Legend: B batch, T time, I inputs, O outputs, D width, L layers.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

import torch
from torch import Tensor, nn

from ntmlab.kernels.autograd import no_autocast
from ntmlab.models.protocol import Model
from ntmlab.models.sizes import GivenState, as_inputs, check_at_least, check_positive, fitting_state

SMOOTHING = 1e-5  # within the root of a norm: a vector of zeros has no direction

State = TypeVar("State", bound=tuple[Tensor, ...])
Parts = tuple[Tensor, ...]  # of one layer's state, each (B, ...)


class Mixer(nn.Module):
    """The part of a block that sees other steps, earlier ones only."""

    def start(self, batch: int) -> Parts:
        """Its state before the first step."""
        raise NotImplementedError

    def forward(self, x: Tensor, parts: Parts) -> tuple[Tensor, Parts]:
        """(B, T, D) for (B, T, D), and its state after the last step."""
        raise NotImplementedError


class Stack(nn.Module):
    """Blocks ``x + mixer(norm(x))``, then ``x + feed(norm(x))``, between two linear maps.

    The norms are of the root mean square (Zhang and Sennrich 2019) and stand before what they feed.
    ``expansion`` is how many times wider than the block the hidden layer of ``feed`` is; 0 leaves
    ``feed`` out. A state has the mixers' parts, the layers along axis 1.
    """

    def __init__(
        self,
        input_size: int,
        output_size: int,
        mixers: Sequence[Mixer],
        *,
        width: int,
        expansion: int,
    ) -> None:
        super().__init__()
        check_positive(input_size=input_size, output_size=output_size, width=width)
        check_at_least(0, expansion=expansion)
        self.embed = nn.Linear(input_size, width)
        self.mixers = nn.ModuleList(mixers)
        self.norms = nn.ModuleList(norm(width) for _ in mixers)
        self.feeds = nn.ModuleList(_feed(width, expansion * width) for _ in mixers if expansion)
        self.last = norm(width)
        self.read = nn.Linear(width, output_size)

    def start(self, kind: type[State], batch: int) -> State:
        """The state before the first step, (B, L, ...)."""
        return _joined(kind, [mixer.start(batch) for mixer in self._mixers()])

    def forward(
        self, kind: type[State], inputs: Tensor, state: GivenState, *, free: int | None = None
    ) -> tuple[Tensor, State]:
        """Logits (B, T, O) and the state after the last step, of the type ``kind``.

        ``free`` as `fitting_state` takes it. Raises InputError for inputs or a state that do not
        fit. Under autocast it computes in the dtype of its weights all the same.
        """
        inputs = as_inputs(inputs, self.embed.in_features, self.embed.weight)
        given = self.start(kind, inputs.shape[0])
        if state is not None:
            given = fitting_state(state, given, self.embed.weight, free=free)
        with no_autocast(inputs.device):
            return self._run(kind, inputs, given)

    def _run(self, kind: type[State], inputs: Tensor, state: State) -> tuple[Tensor, State]:
        x, ends = self.embed(inputs), []
        for layer, mixer in enumerate(self._mixers()):
            mixed, end = mixer(self.norms[layer](x), tuple(part[:, layer] for part in state))
            x = x + mixed
            if self.feeds:
                x = x + self.feeds[layer](x)
            ends.append(end)
        return self.read(self.last(x)), _joined(kind, ends)

    def _mixers(self) -> list[Mixer]:
        return list(self.mixers)  # type: ignore[arg-type]


class StackModel(Model, Generic[State]):
    """A model that is a `Stack`; what it adds is the state's type and its mixers.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O).
    """

    state_type: type[State]
    free: ClassVar[int | None] = None  # the axis of a state that grows, where one does

    def __init__(
        self, input_size: int, output_size: int, mixers: Sequence[Mixer], **given: Any
    ) -> None:
        """``given`` are the options besides the sizes, ``width`` and ``expansion`` among them."""
        super().__init__()
        self.input_size, self.output_size, self.given = input_size, output_size, given
        sizes = {name: given[name] for name in ("width", "expansion")}
        self.stack = Stack(input_size, output_size, mixers, **sizes)

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make a model of these sizes again."""
        return {"input_size": self.input_size, "output_size": self.output_size, **self.given}

    def forward(self, inputs: Tensor, state: GivenState = None) -> tuple[Tensor, State]:
        """Logits (B, T, O) for inputs (B, T, I), and the state after the last step."""
        found: tuple[Tensor, State] = self.stack(self.state_type, inputs, state, free=self.free)
        return found


def norm(width: int) -> nn.Module:
    """A vector divided by its root mean square, and scaled."""
    return nn.RMSNorm(width, eps=SMOOTHING)


def unit(x: Tensor) -> Tensor:
    """Vectors of length 1, along the last axis."""
    return x * torch.rsqrt(x.square().sum(-1, keepdim=True) + SMOOTHING)


def _feed(width: int, hidden: int) -> nn.Module:
    return nn.Sequential(norm(width), nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))


def _joined(kind: type[State], layers: Sequence[Parts]) -> State:
    return kind(*(torch.stack(parts, 1) for parts in zip(*layers, strict=True)))

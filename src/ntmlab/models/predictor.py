"""A network as a predictor.

Legend: B batch, T time, I inputs, O output channels.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.foreign import is_own
from ntmlab.models.foreign import Foreign
from ntmlab.models.protocol import Model
from ntmlab.models.reading import WritesFor
from ntmlab.models.sizes import check_inputs
from ntmlab.outputs import Bits, Outputs

# A pass takes at most so many rows, and fewer of long sequences: its memory stays bounded.
ROWS_AT_ONCE = 256
STEPS_AT_ONCE = 2**16
STEPS_OF_A_PASS = 2**11  # of a model that carries its state on: a step takes it kilobytes
ON_A_GPU = 4  # times as much: a pass there takes as long as its steps, whatever its rows


class NoNumbersError(InputError):
    """Logits of a model are not numbers."""


class ModulePredictor:
    """Probabilities from a module's logits, (B, T, O) float64.

    The module maps inputs (B, T, I) to logits (B, T, O), or to a tuple that starts with them. It
    runs without gradients in evaluation mode, on its own device and in its own dtype, on inputs of
    its own (it may write into them), and each of its parts is left in the mode it was in.
    ``outputs`` says what logits mean; without it each is of a bit. Raises InputError if its sizes
    do not fit the inputs.
    """

    def __init__(self, module: nn.Module, outputs: Outputs | None = None) -> None:
        self.module, self.outputs = module, outputs

    @torch.no_grad()
    def __call__(self, inputs: Tensor) -> Tensor:
        input_size = getattr(self.module, "input_size", None)
        if isinstance(input_size, int):
            check_inputs(inputs, input_size)
        like = self.like(inputs)
        rows_at_once = max(1, min(ROWS_AT_ONCE, STEPS_AT_ONCE // max(inputs.shape[1], 1)))
        rows_at_once *= ON_A_GPU if like.is_cuda else 1
        copy = not is_plain(self.module)  # a user's may write into them, and into what it returned
        with evaluating(self.module):
            parts = [
                self._logits(rows.to(device=like.device, dtype=like.dtype, copy=copy)).to(
                    "cpu", copy=copy
                )
                for rows in inputs.split(rows_at_once)
            ]
        logits = torch.cat(parts) if len(parts) > 1 else parts[0]  # which would copy a long one
        outputs = Bits(logits.shape[-1]) if self.outputs is None else self.outputs
        if logits.shape[-1] != outputs.channels:
            raise InputError(
                f"a model must return {outputs.channels} logits a step, not {logits.shape[-1]}"
            )
        return outputs.probabilities(logits)

    def like(self, inputs: Tensor) -> Tensor:
        """A tensor with the device and precision that the module computes in."""
        real = (p for p in self.module.parameters() if p.is_floating_point())
        return next(real, inputs)

    def _logits(self, inputs: Tensor) -> Tensor:
        in_passes = inputs.shape[1] > STEPS_OF_A_PASS and self._carries
        logits: Any = self._carried(inputs) if in_passes else _first(self.module(inputs))
        fits = isinstance(logits, Tensor) and logits.ndim == 3 and logits.is_floating_point()
        if not fits or logits.shape[:2] != inputs.shape[:2]:
            kind = isinstance(logits, Tensor)
            found = f"{logits.dtype} {tuple(logits.shape)}" if kind else type(logits).__name__
            raise InputError(
                f"a model must return logits (batch, time, outputs) for inputs "
                f"{tuple(inputs.shape)}, not {found}"
            )
        if torch.isnan(logits).any():
            step = int(torch.isnan(logits).any(-1).any(0).nonzero()[0])
            raise NoNumbersError(
                f"a model returned logits that are not numbers, first at step {step}"
            )
        return logits  # type: ignore[no-any-return]

    @property
    def _carries(self) -> bool:
        """Whether pieces, the state carried on, are known to give what one pass gives."""
        return isinstance(self.module, Model | WritesFor) and is_plain(self.module)

    def _carried(self, inputs: Tensor) -> Tensor:
        """Logits in passes of 2,048 steps, each with the state that the last returned.

        They have their place before the passes begin: what was allocated between two of them and
        stays would keep the memory of the first from the second.
        """
        module: Any = self.module
        rows, steps = inputs.shape[:2]
        logits, state = inputs.new_empty(rows, steps, module.output_size), None
        for start in range(0, steps, STEPS_OF_A_PASS):
            end = start + STEPS_OF_A_PASS
            logits[:, start:end], state = module(inputs[:, start:end], state)
        return logits


def is_plain(module: nn.Module) -> bool:
    """Whether a module is of this package, its parts too or of PyTorch, and as they were written.

    Not if a hook may change what goes in or comes out, or one has a ``forward`` of its own.
    """
    if not is_own(type(module).__module__):
        return False
    return not any(map(_is_brought, module.modules()))


def _is_brought(part: nn.Module) -> bool:
    """Whether a part of a module is a user's, or has been changed by one."""
    home = type(part).__module__
    foreign = isinstance(part, Foreign) or getattr(part, "foreign", False)
    changed = bool(part._forward_hooks or part._forward_pre_hooks or "forward" in vars(part))
    return foreign or changed or not (is_own(home) or home.startswith("torch."))


def _first(outputs: Any) -> Any:
    """Logits, alone or as the first of several."""
    return outputs[0] if isinstance(outputs, tuple | list) and outputs else outputs


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """A module in evaluation mode; each of its parts is then as it was."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training

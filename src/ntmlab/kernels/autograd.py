"""A native kernel inside autograd: what it keeps, and who differentiates where it cannot.

What is kept goes through PyTorch's hooks on saved tensors, so that checkpointing drops it and
`save_on_cpu` moves it. A kernel gives first derivatives. Where they are to be differentiated again
(``create_graph=True``), or are asked for many at once, the operation's reference gives them
instead; forward-mode derivatives are refused.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.kernels.backend import is_recorded, is_watched

Gradients = tuple[Tensor | None, ...]


class Call(Protocol):
    """One call of an operation: its options, and how it is computed from tensors.

    Forward and backward get contiguous tensors and run where nothing is recorded.
    """

    def new_outputs(self, tensors: list[Tensor]) -> tuple[Tensor, ...]:
        """Outputs for contiguous tensors, whose numbers nobody has computed yet."""
        ...

    def forward(
        self, tensors: list[Tensor], *, keep: bool
    ) -> tuple[tuple[Tensor, ...], Tensor | None]:
        """Outputs, and what the backward pass wants if ``keep``."""
        ...

    def backward(
        self, tensors: list[Tensor], kept: Tensor, arrived: list[Tensor | None], needed: list[bool]
    ) -> Gradients:
        """Gradients of those tensors that need one, from those of the outputs (None: zero)."""
        ...

    def reference(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """The same outputs by the readable reference."""
        ...


def run(call: Call, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The outputs of a call."""
    keep = is_recorded(tensors)
    outputs: tuple[Tensor, ...] = _Kernel.apply(call, keep, *tensors)  # type: ignore[no-untyped-call]
    return outputs


def capsules(arrays: dict[str, Tensor]) -> dict[str, object]:
    """DLPack capsules, made in a quarter of the time that ``__dlpack__`` takes."""
    to_dlpack = torch.utils.dlpack.to_dlpack  # type: ignore[attr-defined]
    return {name: to_dlpack(array) for name, array in arrays.items()}


def is_autocast(device: torch.device) -> bool:
    """Whether autocast is on for operations on a device."""
    known = torch.amp.is_autocast_available(device.type)
    return known and torch.is_autocast_enabled(device.type)


def no_autocast(device: torch.device) -> AbstractContextManager[object]:
    """A context in which operations on a device keep the dtype of their arguments."""
    return torch.autocast(device.type, enabled=False) if is_autocast(device) else nullcontext()


class _Kernel(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, call: Call, keep: bool, *tensors: Tensor) -> tuple[Tensor, ...]:
        outputs, kept = call.forward([tensor.contiguous() for tensor in tensors], keep=keep)
        if kept is not None:
            ctx.call = call
            ctx.save_for_backward(*tensors, kept)
            ctx.dtypes = [tensor.dtype for tensor in (*tensors, kept)]
        ctx.set_materialize_grads(False)
        return outputs

    @staticmethod
    def backward(ctx: Any, *grads: Tensor | None) -> Gradients:
        *tensors, kept = ctx.saved_tensors  # once: a checkpoint gives them no second time
        arrived, needed = list(grads), list(ctx.needs_input_grad[2:])
        if torch.is_grad_enabled() or is_watched([grad for grad in arrived if grad is not None]):
            found = differentiable(ctx.call.reference, tensors, arrived, needed)
        else:
            plain = [None if grad is None else grad.contiguous() for grad in arrived]
            own = [saved.contiguous() for saved in (*tensors, kept)]  # as hooks gave them back
            _check_saved(own, ctx.dtypes)
            found = ctx.call.backward(own[:-1], own[-1], plain, needed)
        return (None, None, *found)

    @staticmethod
    def jvp(ctx: Any, *tangents: Tensor | None) -> Tensor:
        raise InputError(
            "the native kernel has no forward-mode derivatives; use backend='reference'"
        )


def _check_saved(saved: Sequence[Tensor], dtypes: Sequence[torch.dtype]) -> None:
    """Raises InputError unless hooks on saved tensors gave back the dtypes that they were given."""
    for tensor, dtype in zip(saved, dtypes, strict=True):
        if tensor.dtype != dtype:
            raise InputError(
                f"a hook on saved tensors gave back {tensor.dtype} in place of {dtype}; "
                "unpack has to undo what pack did"
            )


def differentiable(
    function: Callable[..., tuple[Tensor, ...]],
    tensors: Sequence[Tensor],
    arrived: Sequence[Tensor | None],
    needed: Sequence[bool],
) -> Gradients:
    """Gradients of a function by autograd, differentiable again where grad is enabled."""
    again = torch.is_grad_enabled()
    with torch.enable_grad(), no_autocast(tensors[0].device):
        # Views are arguments of their own, even where tensors are the same or depend on each other.
        views = [t.view_as(t) if n else t for t, n in zip(tensors, needed, strict=True)]
        pairs = [
            (output, grad)
            for output, grad in zip(function(*views), arrived, strict=True)
            if grad is not None and output.requires_grad
        ]
        if not pairs:
            return (None,) * len(tensors)
        outputs, given = zip(*pairs, strict=True)
        wanted = [view for view, n in zip(views, needed, strict=True) if n]
        found = iter(
            torch.autograd.grad(outputs, wanted, given, create_graph=again, allow_unused=True)
        )
    return tuple(next(found) if n else None for n in needed)

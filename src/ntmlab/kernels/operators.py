"""A native kernel as operators of PyTorch, so that its compiler sees one node for a scan.

Only what `torch.compile` reads takes this way: the dispatcher's own work would be a few hundredths
of a step at batch 1. What a kernel keeps for the backward pass has a size that the compiler need
not know, and beside it stands for how many threads it was laid out.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ntmlab.kernels.autograd import Call
from ntmlab.kernels.backend import is_recorded, thread_count

MakeCall = Callable[..., Call]  # from the values of its options, threads the last


def make_operator(
    name: str, make_call: MakeCall, options: str
) -> Callable[..., tuple[Tensor, ...]]:
    """The outputs of a call from its tensors and options, as one operator ``ntmlab::name``.

    ``options`` are the parameters of ``make_call`` but for the threads, as a schema has them:
    ``"int shifts, float clip"``.
    """
    options = f", {options}" if options else ""
    forward = torch.library.custom_op(
        f"ntmlab::{name}",
        _forward_of(make_call),
        mutates_args=(),
        schema=f"(Tensor[] tensors, bool keep{options}) -> Tensor[]",
    )
    forward.register_fake(_shapes_of(make_call))
    gradients = "Tensor[] tensors, Tensor kept, Tensor threads, Tensor?[] arrived, bool[] needed"
    backward = torch.library.custom_op(
        f"ntmlab::{name}_backward",
        _backward_of(make_call),
        mutates_args=(),
        schema=f"({gradients}{options}) -> Tensor[]",
    )
    backward.register_fake(_gradient_shapes)
    forward.register_autograd(_derivatives(backward), setup_context=_keep)

    def run(tensors: Sequence[Tensor], *values: Any) -> tuple[Tensor, ...]:
        *outputs, _kept, _threads = forward(list(tensors), is_recorded(tensors), *values)
        return tuple(outputs)

    return run


def _forward_of(make_call: MakeCall) -> Callable[..., list[Tensor]]:
    def forward(tensors: list[Tensor], keep: bool, *options: Any) -> list[Tensor]:
        threads = thread_count()
        call = make_call(*options, threads)
        outputs, kept = call.forward([tensor.contiguous() for tensor in tensors], keep=keep)
        return [*outputs, tensors[0].new_empty(0) if kept is None else kept, torch.tensor(threads)]

    return forward


def _shapes_of(make_call: MakeCall) -> Callable[..., list[Tensor]]:
    def shapes(tensors: list[Tensor], keep: bool, *options: Any) -> list[Tensor]:
        size = torch.library.get_ctx().new_dynamic_size() if keep else 0
        kept, threads = tensors[0].new_empty(size), torch.empty((), dtype=torch.int64)
        given = [tensor.contiguous() for tensor in tensors]
        return [*make_call(*options, 1).new_outputs(given), kept, threads]

    return shapes


def _backward_of(make_call: MakeCall) -> Callable[..., list[Tensor]]:
    def backward(
        tensors: list[Tensor],
        kept: Tensor,
        threads: Tensor,
        arrived: list[Tensor | None],
        needed: list[bool],
        *options: Any,
    ) -> list[Tensor]:
        call = make_call(*options, int(threads))
        plain = [None if gradient is None else gradient.contiguous() for gradient in arrived]
        given = [tensor.contiguous() for tensor in tensors]
        found = call.backward(given, kept, plain, needed)
        wanted = zip(found, needed, strict=True)
        return [gradient for gradient, n in wanted if n and gradient is not None]

    return backward


def _gradient_shapes(
    tensors: list[Tensor],
    kept: Tensor,
    threads: Tensor,
    arrived: list[Tensor | None],
    needed: list[bool],
    *options: Any,
) -> list[Tensor]:
    return [t.new_empty(t.shape) for t, wanted in zip(tensors, needed, strict=True) if wanted]


def _keep(ctx: Any, inputs: tuple[Any, ...], output: list[Tensor]) -> None:
    tensors, _, *ctx.options = inputs
    ctx.save_for_backward(*tensors, *output[-2:])
    ctx.set_materialize_grads(False)


def _derivatives(operator: Callable[..., list[Tensor]]) -> Callable[..., tuple[Any, ...]]:
    def backward(ctx: Any, gradients: list[Tensor | None]) -> tuple[Any, ...]:
        *tensors, kept, threads = ctx.saved_tensors
        needed = list(ctx.needs_input_grad[0])
        found = iter(operator(tensors, kept, threads, gradients[:-2], needed, *ctx.options))
        return ([next(found) if n else None for n in needed], None, *(None for _ in ctx.options))

    return backward

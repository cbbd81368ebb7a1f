"""The LSTM scan in C++: the same outputs and gradients as ``reference``, for float32 on the CPU.

Memory, with C rounded up to the vector width (16 floats with AVX-512):
where a gradient may be asked for, the forward pass keeps five numbers a unit and step (four gates
and the cell), 20·B·T·L·C bytes or 1.5 MB a sequence at 3×128 and 200 steps; without gradients
nothing. Besides, forward takes a copy of the weights and up to 1 MB a thread at 3×128; backward a
copy of the weights, and per thread one of their gradients and 2 MB. That does not depend on batch
or time. Up to 128 MB of it, in all, is kept for the next call.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from ntmlab.kernels.backend import native_module, thread_count
from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights


def lstm_scan(inputs: Tensor, weights: LSTMWeights, state: LSTMState) -> tuple[Tensor, LSTMState]:
    """As ``reference.lstm_scan``, for float32 tensors on the CPU whose shapes were checked."""
    tensors = (inputs, *weights, *state)
    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors):
        hidden, *final = _Scan.apply(*tensors)  # type: ignore[no-untyped-call]
    else:
        hidden, *final = _forward(*_plain(tensors), history=None, threads=thread_count())
    return hidden, LSTMState(*final)


def _plain(tensors: tuple[Tensor, ...]) -> list[Tensor]:
    return [tensor.detach().contiguous() for tensor in tensors]


def _forward(
    inputs: Tensor, *others: Tensor, history: Any, threads: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Hidden vectors, final hidden and final cell, from tensors as ``_plain`` returns them."""
    B, T, _ = inputs.shape
    state = others[-1]
    hidden = inputs.new_empty(B, T, *state.shape[1:])
    final_hidden, final_cell = torch.empty_like(state), torch.empty_like(state)
    native = native_module()
    assert native is not None  # the public function chose this path
    native.lstm_scan_forward(
        inputs,
        *others,
        hidden=hidden,
        final_hidden=final_hidden,
        final_cell=final_cell,
        history=history,
        threads=threads,
    )
    return hidden, final_hidden, final_cell


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *tensors: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        plain = _plain(tensors)
        inputs, state = plain[0], plain[-1]
        native = native_module()
        assert native is not None
        B, T, _ = inputs.shape
        history = native.Memory(native.lstm_scan_history(B, T, *state.shape[1:]))
        ctx.threads = thread_count()  # the history's layout depends on it
        ctx.save_for_backward(*tensors)
        ctx.history = history
        ctx.set_materialize_grads(False)
        return _forward(*plain, history=history, threads=ctx.threads)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor | None) -> tuple[Tensor | None, ...]:
        inputs, input_weights, _, *others = _plain(ctx.saved_tensors)
        outputs = [
            tensor.new_empty(tensor.shape) if needed else None
            for tensor, needed in zip(ctx.saved_tensors, ctx.needs_input_grad, strict=True)
        ]
        arrived = [None if grad is None else grad.detach().contiguous() for grad in grads]
        native = native_module()
        assert native is not None
        native.lstm_scan_backward(
            inputs,
            input_weights,
            *others,
            history=ctx.history,
            **dict(zip(_ARRIVING, arrived, strict=True)),
            **dict(zip(_LEAVING, outputs, strict=True)),
            threads=ctx.threads,
        )
        return tuple(outputs)


_ARRIVING = ("grad_hidden", "grad_final_hidden", "grad_final_cell")
_LEAVING = (
    "grad_inputs",
    "grad_input_weights",
    "grad_bias",
    "grad_recurrent_weights",
    "grad_layer_weights",
    "grad_initial_hidden",
    "grad_initial_cell",
)

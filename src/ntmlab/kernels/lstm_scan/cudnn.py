"""The LSTM scan by cuDNN, one layer after the other: trains on a GPU what our kernel does not fit.

Layers cannot go in one call, since here the input feeds each of them. cuDNN's float32 sigmoids and
hyperbolic tangents are off by up to 2e-5, twenty times as much as PyTorch's own; its products are
float32 all the way. Where derivatives are to be differentiated again, the reference gives them.

cuDNN writes the gradients of the gates over what it kept of them, so that where a graph is kept for
another backward pass each has its own copy.
"""

import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ntmlab.errors import InputError, Remark
from ntmlab.kernels.autograd import Gradients, differentiable
from ntmlab.kernels.backend import is_recorded, is_watched
from ntmlab.kernels.lstm_scan import reference
from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights
from ntmlab.kernels.precision import cudnn

LSTM, MATRICES = 2, 4  # cuDNN's number of the kind of layer, and its tensors of weights


class Layer(NamedTuple):
    """What cuDNN wants of a layer in its backward pass."""

    output: Tensor  # (T, B, C)
    cell: Tensor  # (1, B, C) before the first step
    kept: Tensor  # bytes
    buffer: Tensor  # all weights in cuDNN's order


def lstm_scan(inputs: Tensor, weights: LSTMWeights, state: LSTMState) -> tuple[Tensor, LSTMState]:
    """As ``reference.lstm_scan``, for float32 tensors on a GPU whose shapes were checked."""
    tensors = (inputs, *weights, *state)
    train = is_recorded(tensors)
    if train:
        _say()
    results = _Scan.apply(train, *tensors)  # type: ignore[no-untyped-call]
    return results[0], LSTMState(*results[1:])


@cache
def _say() -> None:
    """Says once what is not exact."""
    warnings.warn(
        "this LSTM is trained by cuDNN, whose gates are off by up to 2e-5, since its layers have "
        "more than 128 units or cuda-bindings is missing; what is computed without gradients is "
        "exact, and so is training with LSTM(..., backend='layered'), many times slower",
        Remark,
        stacklevel=3,
    )


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, train: bool, *tensors: Tensor) -> tuple[Tensor, ...]:
        inputs, weights, state = _named(tensors)
        layers: list[Layer] = []
        ends: list[tuple[Tensor, Tensor]] = []
        for number in range(len(weights.recurrent)):
            below = layers[-1].output if layers else None
            start = [part[:, number].unsqueeze(0).contiguous() for part in state]
            layer, end = _forward(_seen(inputs, below), _matrices(weights, number), start, train)
            layers.append(layer)
            ends.append(end)
        if train:
            ctx.save_for_backward(*tensors, *(part for layer in layers for part in layer))
        ctx.set_materialize_grads(False)
        hidden = torch.stack([layer.output.transpose(0, 1) for layer in layers], 2)
        return hidden, *(torch.cat(parts).transpose(0, 1) for parts in zip(*ends, strict=True))

    @staticmethod
    def backward(ctx: Any, *grads: Tensor | None) -> Gradients:
        saved, needed = ctx.saved_tensors, list(ctx.needs_input_grad[1:])
        tensors, rest = saved[:7], saved[7:]
        if torch.is_grad_enabled() or is_watched([grad for grad in grads if grad is not None]):
            return None, *differentiable(_by_reference, tensors, grads, needed)
        layers = [Layer(*rest[at : at + 4]) for at in range(0, len(rest), 4)]
        found = _backward(tensors, layers, grads)
        return None, *(g if n else None for g, n in zip(found, needed, strict=True))

    @staticmethod
    def jvp(ctx: Any, *tangents: Tensor | None) -> Tensor:
        raise InputError("cuDNN has no forward-mode derivatives; use backend='reference'")


def _by_reference(*tensors: Tensor) -> tuple[Tensor, ...]:
    inputs, weights, state = _named(tensors)
    hidden, final = reference.lstm_scan(inputs, weights, state)
    return hidden, *final


def _named(tensors: Sequence[Tensor]) -> tuple[Tensor, LSTMWeights, LSTMState]:
    return tensors[0], LSTMWeights(*tensors[1:5]), LSTMState(*tensors[5:])


def _seen(inputs: Tensor, below: Tensor | None) -> Tensor:
    """What a layer sees at each step, (T, B, I) or (T, B, I + C)."""
    steps = inputs.transpose(0, 1)
    return steps.contiguous() if below is None else torch.cat([steps, below], -1)


def _matrices(weights: LSTMWeights, layer: int) -> list[Tensor]:
    """The weights of a layer as PyTorch's LSTM has them, each in memory of its own."""
    columns = weights.inputs[layer]
    if layer > 0:
        columns = torch.cat([columns, weights.layers[layer - 1]], -1)
    bias = weights.bias[layer].clone()
    return [columns.clone(), weights.recurrent[layer].clone(), bias, torch.zeros_like(bias)]


def _options(units: int, *, train: bool) -> tuple[Any, ...]:
    """Kind, units, projection, layers, batch first, dropout, training, both ways, lengths, state of
    dropout.
    """
    return LSTM, units, 0, 1, False, 0.0, train, False, [], None


def _forward(
    seen: Tensor, matrices: list[Tensor], start: list[Tensor], train: bool
) -> tuple[Layer, tuple[Tensor, Tensor]]:
    """One layer, and its state (1, B, C) after the last step."""
    units = start[0].shape[-1]
    sizes = (seen.shape[-1], LSTM, units, 0, 1, False, False)
    with cudnn(enabled=True):
        buffer = torch._cudnn_rnn_flatten_weight(matrices, MATRICES, *sizes)
        given: tuple[Any, ...] = (seen, matrices, MATRICES, buffer, *start)
        found = torch._cudnn_rnn(*given, *_options(units, train=train))
        output, hidden, cell, kept, buffer = found
    return Layer(output, start[1], kept, buffer), (hidden, cell)


def _backward(
    tensors: Sequence[Tensor], layers: list[Layer], grads: Sequence[Tensor | None]
) -> list[Tensor]:
    """Gradients of all tensors, from those of the outputs."""
    inputs, weights, state = _named(tensors)
    I, above = inputs.shape[-1], None  # noqa: E741
    by_inputs: list[Tensor] = []
    each: list[list[Tensor]] = []
    for number in reversed(range(len(layers))):
        below = layers[number - 1].output if number else None
        arrived = [None if g is None else g.select(-2, number) for g in grads]
        output = None if arrived[0] is None else arrived[0].transpose(0, 1)
        if above is not None:
            output = above if output is None else output + above
        ends = [None if g is None else g.unsqueeze(0).contiguous() for g in arrived[1:]]
        hidden = state.hidden[:, number].unsqueeze(0).contiguous()
        seen, matrices = _seen(inputs, below), _matrices(weights, number)
        dx, *found = _layer_backward(seen, matrices, hidden, layers[number], (output, *ends))
        by_inputs.append(dx[..., :I])
        above = dx[..., I:] if number else None
        each.insert(0, found)
    hidden0, cell0, columns, recurrent, bias = (list(p) for p in zip(*each, strict=True))
    return [
        torch.stack(by_inputs).sum(0).transpose(0, 1),
        torch.stack([c[:, :I] for c in columns]),
        torch.stack(bias),
        torch.stack(recurrent),
        torch.stack([c[:, I:] for c in columns[1:]]) if len(layers) > 1 else weights.layers,
        torch.cat(hidden0).transpose(0, 1),
        torch.cat(cell0).transpose(0, 1),
    ]


def _layer_backward(
    seen: Tensor,
    matrices: list[Tensor],
    hidden: Tensor,
    layer: Layer,
    grads: tuple[Tensor | None, ...],
) -> tuple[Tensor, ...]:
    """Gradients by what a layer sees, its first state, columns, recurrent weights and bias."""
    kept = layer.kept
    if torch._C._autograd._get_current_graph_task_keep_graph():
        kept = kept.clone()
    units = hidden.shape[-1]
    if all(grad is None for grad in grads):
        grads = (torch.zeros_like(layer.output), None, None)
    with cudnn(enabled=True):
        dx, dh, dc, (columns, recurrent, bias, _) = torch.ops.aten._cudnn_rnn_backward(
            seen,
            matrices,
            MATRICES,
            layer.buffer,
            hidden,
            layer.cell,
            layer.output,
            *grads,
            *_options(units, train=True),
            kept,
            [True] * 4,
        )
    return dx, dh, dc, columns, recurrent, bias

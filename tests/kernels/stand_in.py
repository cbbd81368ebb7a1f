"""cuDNN's three operations on an LSTM layer, by PyTorch's own LSTM: for machines without a GPU."""

from typing import Any

import pytest
import torch
from torch import Tensor

Found = tuple[Tensor, ...]


def _options(units: int, train: bool) -> tuple[Any, ...]:
    """Those of one LSTM layer (kind 2), its steps first, as `torch.nn.LSTM` hands them on."""
    return 2, units, 0, 1, False, 0.0, train, False, [], None


def flatten(matrices: list[Tensor], *sizes: Any) -> Tensor:
    """All weights in one buffer, of which the tensors are views afterwards."""
    units, seen = matrices[1].shape[1], matrices[0].shape[1]
    assert sizes == (4, seen, 2, units, 0, 1, False, False)
    buffer = torch.cat([matrix.flatten() for matrix in matrices])
    parts = buffer.split([matrix.numel() for matrix in matrices])
    for matrix, part in zip(matrices, parts, strict=True):
        matrix.set_(part.view_as(matrix))
    return buffer


def forward(
    seen: Tensor, matrices: list[Tensor], stride: int, buffer: Tensor, *rest: Any
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Outputs, the last state, what is kept if the pass is one of training, and the buffer."""
    hidden, cell, *options = rest
    train = options[6]
    assert (stride, *options) == (4, *_options(hidden.shape[-1], train))
    assert all(m.untyped_storage().data_ptr() == buffer.data_ptr() for m in matrices)
    output, *ends = torch.lstm(seen, (hidden, cell), matrices, True, 1, 0.0, train, False, False)
    return output, *ends, torch.zeros(8 * train, dtype=torch.uint8), buffer


def backward(
    seen: Tensor, matrices: list[Tensor], stride: int, buffer: Tensor, *rest: Any
) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
    """Gradients; what was kept cannot be used a second time."""
    hidden, cell, _, *grads = rest[:6]
    *options, kept, wanted = rest[6:]
    assert (stride, *options) == (4, *_options(hidden.shape[-1], True))
    assert wanted == [True] * 4, "by what is seen, by the state's two parts, by the weights"
    assert kept.numel(), "the forward pass was not one of training"
    assert not kept.any(), "what was kept has been written over by another backward pass"
    kept.fill_(255)
    given = [seen, hidden, cell, *matrices]
    with torch.enable_grad():
        leaves = [part.detach().clone().requires_grad_() for part in given]
        first, start, weights = leaves[0], tuple(leaves[1:3]), leaves[3:]
        found = torch.lstm(first, start, weights, True, 1, 0.0, True, False, False)
        arrived = [
            torch.zeros_like(f) if g is None else g for f, g in zip(found, grads, strict=True)
        ]
        dx, dh, dc, *by_weights = torch.autograd.grad(found, leaves, arrived)
    return dx, dh, dc, by_weights


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the operations in the place of cuDNN's."""
    monkeypatch.setattr(torch, "_cudnn_rnn_flatten_weight", flatten)
    monkeypatch.setattr(torch, "_cudnn_rnn", forward)
    monkeypatch.setattr(torch.ops.aten, "_cudnn_rnn_backward", backward)

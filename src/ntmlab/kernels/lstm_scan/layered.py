"""The LSTM scan by PyTorch's own LSTM, one layer after the other: what runs on a GPU.

There it is cuDNN's. Layers cannot go in one call, since here the input feeds each of them. Works on
every device and is differentiable once; cuDNN's float32 products are rounded to TF32 unless
``torch.backends.cudnn.allow_tf32`` is off, as it is in training.
"""

import torch
from torch import Tensor

from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights


def lstm_scan(inputs: Tensor, weights: LSTMWeights, state: LSTMState) -> tuple[Tensor, LSTMState]:
    """As ``reference.lstm_scan``."""
    hidden: list[Tensor] = []
    last: list[tuple[Tensor, Tensor]] = []
    tensors = (inputs, *weights, *state)
    train = torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)
    for layer, recurrent in enumerate(weights.recurrent):
        seen, columns = inputs, weights.inputs[layer]
        if layer > 0:
            seen = torch.cat([inputs, hidden[-1]], -1)
            columns = torch.cat([columns, weights.layers[layer - 1]], -1)
        parameters = _in_one_piece(columns, recurrent, weights.bias[layer])
        start = [part[:, layer].unsqueeze(0).contiguous() for part in state]
        output, *final = torch.lstm(seen, start, parameters, True, 1, 0.0, train, False, True)
        hidden.append(output)
        last.append((final[0][0], final[1][0]))
    ends = (torch.stack(parts, 1) for parts in zip(*last, strict=True))
    return torch.stack(hidden, 2), LSTMState(*ends)


def _in_one_piece(*parameters: Tensor) -> list[Tensor]:
    """The parameters, and the second bias that PyTorch has, in one memory in cuDNN's order.

    It would copy them there at every call, and warn.
    """
    parameters = (*parameters, torch.zeros_like(parameters[-1]))
    pieces = torch.cat([part.flatten() for part in parameters])
    sizes = [part.numel() for part in parameters]
    return [
        piece.view_as(part) for piece, part in zip(pieces.split(sizes), parameters, strict=True)
    ]

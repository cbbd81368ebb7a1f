"""The LSTM scan by PyTorch's own LSTM, one layer after the other: what runs on a GPU.

Layers cannot go in one call, since here the input feeds each of them. cuDNN is left out: its
float32 sigmoids and hyperbolic tangents are off by up to 2e-5, twenty times as much as PyTorch's
own. Works on every device and is differentiable once. cudnn.py is the same with it.
"""

import torch
from torch import Tensor

from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights
from ntmlab.kernels.precision import cudnn


def lstm_scan(inputs: Tensor, weights: LSTMWeights, state: LSTMState) -> tuple[Tensor, LSTMState]:
    """As ``reference.lstm_scan``."""
    hidden: list[Tensor] = []
    last: list[tuple[Tensor, Tensor]] = []
    other_bias = torch.zeros_like(weights.bias[0])  # PyTorch has two
    for layer, recurrent in enumerate(weights.recurrent):
        seen, columns = inputs, weights.inputs[layer]
        if layer > 0:
            seen = torch.cat([inputs, hidden[-1]], -1)
            columns = torch.cat([columns, weights.layers[layer - 1]], -1)
        parameters = [columns, recurrent, weights.bias[layer], other_bias]
        start = [part[:, layer].unsqueeze(0).contiguous() for part in state]
        with cudnn(enabled=False):
            output, *final = torch.lstm(seen, start, parameters, True, 1, 0.0, True, False, True)
        hidden.append(output)
        last.append((final[0][0], final[1][0]))
    ends = (torch.stack(parts, 1) for parts in zip(*last, strict=True))
    return torch.stack(hidden, 2), LSTMState(*ends)

"""The scan of the stacked LSTM baseline over time, readable.

The paper's baseline, recovered from the parameter counts of its Table 3: the input feeds every
layer, and each layer also sees the layer below. This is the definition; the native kernel must
equal it in every output and gradient.

Legend: B batch, T time, I inputs, L layers, C units a layer; gates in the order i, f, g, o.
"""

from typing import NamedTuple

import torch
from torch import Tensor


class LSTMWeights(NamedTuple):
    """What each layer's gates are computed from."""

    inputs: Tensor  # (L, 4C, I) the input -> every layer
    bias: Tensor  # (L, 4C)
    recurrent: Tensor  # (L, 4C, C) previous hidden -> same layer
    layers: Tensor  # (L - 1, 4C, C) hidden of the layer below, same step -> layers 2..L


class LSTMState(NamedTuple):
    """What the layers carry from one step to the next."""

    hidden: Tensor  # (B, L, C)
    cell: Tensor  # (B, L, C)


def lstm_scan(inputs: Tensor, weights: LSTMWeights, state: LSTMState) -> tuple[Tensor, LSTMState]:
    """Hidden vectors of all layers at every step, (B, T, L, C), and the state after the last.

    ``inputs`` is (B, T, I); T must be at least 1.
    """
    projected = torch.einsum("bti,lgi->btlg", inputs, weights.inputs) + weights.bias
    hidden, cell = list(state.hidden.unbind(1)), list(state.cell.unbind(1))
    outputs = []
    for t in range(projected.shape[1]):
        for layer in range(projected.shape[2]):
            gates = projected[:, t, layer] + hidden[layer] @ weights.recurrent[layer].T
            if layer > 0:
                gates = gates + hidden[layer - 1] @ weights.layers[layer - 1].T
            i, f, g, o = gates.chunk(4, dim=-1)
            cell[layer] = torch.sigmoid(f) * cell[layer] + torch.sigmoid(i) * torch.tanh(g)
            hidden[layer] = torch.sigmoid(o) * torch.tanh(cell[layer])
        outputs.append(torch.stack(hidden, 1))
    return torch.stack(outputs, 1), LSTMState(torch.stack(hidden, 1), torch.stack(cell, 1))

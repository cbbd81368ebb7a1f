"""The scan of the stacked LSTM baseline over time, readable.

The paper's baseline, recovered from the parameter counts of its Table 3: the input feeds every
layer, and each layer also sees the layer below. This is the definition; the native kernel must
equal it in every output and gradient.

Legend: B batch, T time, L layers, C units a layer.
"""

from typing import NamedTuple

import torch
from torch import Tensor


class LSTMWeights(NamedTuple):
    """Weights inside the scan. The input's own projection to each layer is applied before it."""

    recurrent: Tensor  # (L, 4C, C) previous hidden -> same layer
    layers: Tensor  # (L - 1, 4C, C) hidden of the layer below, same step -> layers 2..L


class LSTMState(NamedTuple):
    """What the layers carry from one step to the next."""

    hidden: Tensor  # (B, L, C)
    cell: Tensor  # (B, L, C)


def lstm_scan(
    projected: Tensor, weights: LSTMWeights, state: LSTMState
) -> tuple[Tensor, LSTMState]:
    """Hidden vectors of all layers at every step, (B, T, L, C), and the state after the last.

    ``projected`` (B, T, L, 4C) is the input's contribution to each layer's gates, bias included,
    in the order i, f, g, o; T must be at least 1.
    """
    layers = projected.shape[2]
    hidden, cell = list(state.hidden.unbind(1)), list(state.cell.unbind(1))
    outputs = []
    for t in range(projected.shape[1]):
        for layer in range(layers):
            gates = projected[:, t, layer] + hidden[layer] @ weights.recurrent[layer].T
            if layer > 0:
                gates = gates + hidden[layer - 1] @ weights.layers[layer - 1].T
            i, f, g, o = gates.chunk(4, dim=-1)
            cell[layer] = torch.sigmoid(f) * cell[layer] + torch.sigmoid(i) * torch.tanh(g)
            hidden[layer] = torch.sigmoid(o) * torch.tanh(cell[layer])
        outputs.append(torch.stack(hidden, 1))
    return torch.stack(outputs, 1), LSTMState(torch.stack(hidden, 1), torch.stack(cell, 1))

"""The LSTM scan on a GPU: recurrent products by a kernel of our own, all others by PyTorch.

Layers run one after the other. What a layer gets from inputs and the layer below are two matrix
products of all steps, and so are the gradients of its weights.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from ntmlab.kernels.autograd import run
from ntmlab.kernels.backend import is_compiled
from ntmlab.kernels.lstm_scan.gpu.layer import GPU, Engine, Layer
from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights
from ntmlab.kernels.operators import make_operator

operator = make_operator("lstm_layer_gpu", lambda threads: Layer(), "")


def misfit(tensors: Sequence[Tensor]) -> str | None:
    """Why the layers of a call cannot run on their GPU, or None."""
    weights, state = LSTMWeights(*tensors[1:5]), LSTMState(*tensors[5:7])
    engine = GPU(tensors[0].device)
    batch, units = len(state.hidden), weights.recurrent.shape[2]
    if all(engine.plan(batch, units, forward=forward) for forward in (True, False)):
        return None
    return f"weights of a layer of {units} units do not fit into a processor of the GPU"


def lstm_scan(
    inputs: Tensor, weights: LSTMWeights, state: LSTMState, engine: Engine | None = None
) -> tuple[Tensor, LSTMState]:
    """As ``reference.lstm_scan``; on an ``engine``, or the GPU that the inputs are on."""
    B, T, _ = inputs.shape
    rows = inputs.transpose(0, 1).reshape(T * B, -1)
    hidden: list[Tensor] = []
    ends: list[tuple[Tensor, ...]] = []
    for layer, recurrent in enumerate(weights.recurrent):
        pre = torch.addmm(weights.bias[layer], rows, weights.inputs[layer].T)
        if layer > 0:
            below = hidden[-1].flatten(0, 1)
            pre = torch.addmm(pre, below, weights.layers[layer - 1].T)
        start = [part[:, layer] for part in state]
        given = (pre.view(T, B, -1), recurrent, *start)
        found, *end = operator(given) if is_compiled() else run(Layer(engine), given)
        hidden.append(found)
        ends.append(tuple(end))
    last = (torch.stack(parts, 1) for parts in zip(*ends, strict=True))
    return torch.stack(hidden, 2).transpose(0, 1), LSTMState(*last)

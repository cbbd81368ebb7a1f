"""The scan of the stacked LSTM over time: native on the CPU, PyTorch's on a GPU, else readable."""

import torch
from torch import Tensor

from ntmlab.kernels.backend import Backend, runs_native
from ntmlab.kernels.lstm_scan import layered, native, reference
from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights

__all__ = ["LSTMState", "LSTMWeights", "lstm_scan"]


@torch.compiler.disable  # type: ignore[untyped-decorator]
def lstm_scan(
    inputs: Tensor, weights: LSTMWeights, state: LSTMState, *, backend: Backend = "auto"
) -> tuple[Tensor, LSTMState]:
    """Hidden vectors of all layers at every step, (B, T, L, C), and the state after the last.

    ``inputs`` (B, T, I) feed every layer; the shapes of weights and state stand with their fields.
    Differentiable once in all tensors by the native kernel (float32 on the CPU) and on a GPU
    (float32), any number of times by the reference (everything else). Raises ValueError for shapes
    that do not fit, a size of zero, tensors of several dtypes or devices, or a ``backend`` that
    cannot run.
    """
    _check(inputs, weights, state)
    if runs_native(backend, (inputs, *weights, *state)):
        return native.lstm_scan(inputs, weights, state)
    if backend == "auto" and inputs.is_cuda and inputs.dtype == torch.float32:
        return layered.lstm_scan(inputs, weights, state)
    return reference.lstm_scan(inputs, weights, state)


def _check(inputs: Tensor, weights: LSTMWeights, state: LSTMState) -> None:
    if inputs.dim() != 3 or 0 in inputs.shape:
        raise ValueError(
            f"inputs must be (batch, time, inputs) with every size at least 1, "
            f"not {tuple(inputs.shape)}"
        )
    if weights.recurrent.dim() != 3 or 0 in weights.recurrent.shape:
        raise ValueError(
            f"weights.recurrent must be (layers, 4 * units, units) with every size at least 1, "
            f"not {tuple(weights.recurrent.shape)}"
        )
    (B, _, width), (L, _, C) = inputs.shape, weights.recurrent.shape
    expected = {
        "weights.inputs": (weights.inputs, (L, 4 * C, width)),
        "weights.bias": (weights.bias, (L, 4 * C)),
        "weights.recurrent": (weights.recurrent, (L, 4 * C, C)),
        "weights.layers": (weights.layers, (L - 1, 4 * C, C)),
        "state.hidden": (state.hidden, (B, L, C)),
        "state.cell": (state.cell, (B, L, C)),
    }
    for name, (tensor, shape) in expected.items():
        if tuple(tensor.shape) != shape:
            raise ValueError(f"{name} must have shape {shape}, not {tuple(tensor.shape)}")
        if (tensor.dtype, tensor.device) != (inputs.dtype, inputs.device):
            raise ValueError(
                f"{name} must be {inputs.dtype} on {inputs.device} like the inputs, "
                f"not {tensor.dtype} on {tensor.device}"
            )

"""The scan of the stacked LSTM over time: native on the CPU, CUDA on a GPU, else readable.

On a GPU, layers too wide for our own kernel are trained by cuDNN, since it is many times as fast
and its error of 2e-5 moves no course that chance would not; what is evaluated of them is computed
by PyTorch's own exact operations.
"""

from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.kernels.backend import implementation
from ntmlab.kernels.checks import check_tensors
from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights

__all__ = ["LSTMState", "LSTMWeights", "lstm_scan"]


def lstm_scan(
    inputs: Tensor, weights: LSTMWeights, state: LSTMState, *, backend: str = "auto"
) -> tuple[Tensor, LSTMState]:
    """Hidden vectors of all layers at every step, (B, T, L, C), and the state after the last.

    ``inputs`` (B, T, I) feed every layer; the shapes of weights and state stand with their fields.
    Differentiable any number of times; forward-mode derivatives are the reference's alone. Numbers
    that are not finite go where the reference takes them: what is NaN there is NaN in any backend,
    but where only the order of a sum decides whether it overflows. Raises InputError for shapes
    that do not fit, a size of zero, tensors of several dtypes or devices, or a ``backend`` that
    cannot run.
    """
    _check(inputs, weights, state)
    run = implementation("lstm_scan", backend, (inputs, *weights, *state))
    result: tuple[Tensor, LSTMState] = run(inputs, weights, state)
    return result


def _check(inputs: Tensor, weights: LSTMWeights, state: LSTMState) -> None:
    if inputs.dim() != 3 or 0 in inputs.shape:
        raise InputError(
            f"inputs must be (batch, time, inputs) with every size at least 1, "
            f"not {tuple(inputs.shape)}"
        )
    if weights.recurrent.dim() != 3 or 0 in weights.recurrent.shape:
        raise InputError(
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
    check_tensors(inputs, expected)

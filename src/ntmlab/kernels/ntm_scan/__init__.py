"""The scan of a Neural Turing Machine over time."""

import math

from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.kernels.backend import check_backend, implementation, is_recorded
from ntmlab.kernels.checks import check_tensors
from ntmlab.kernels.ntm_scan.heads import HeadLayout
from ntmlab.kernels.ntm_scan.reference import (
    ACTIVATIONS,
    Activation,
    OutputWeights,
    ScanResult,
    ScanState,
    ScanTrace,
    ScanWeights,
    layout_of,
)

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "HeadLayout",
    "OutputWeights",
    "ScanResult",
    "ScanState",
    "ScanTrace",
    "ScanWeights",
    "ntm_scan",
]


def ntm_scan(
    inputs: Tensor,
    weights: ScanWeights,
    state: ScanState,
    *,
    shifts: int,
    activation: Activation = "tanh",
    outputs: OutputWeights | None = None,
    trace: bool = False,
    clip_gradient: float = math.inf,
    backend: str = "auto",
) -> ScanResult:
    """The scan over inputs (B, T, I) from a state, as reference.py defines it.

    ``activation`` is that of a feedforward controller's units; an LSTM has its own. With weights of
    ``outputs`` it gives these, and hidden vectors and reads are not kept apart.

    Differentiable any number of times; gradients of a trace, which the reference gives where they
    may be asked for, and forward-mode derivatives are its alone. Numbers that are not finite go
    where the reference takes them: what is NaN there is NaN in any backend, but where only the
    order of a sum decides whether it overflows. Weightings of a state that is handed in may not be
    below 0: where a shift leaves less than 0 in a slot, the logarithm of Eq. 9 makes all of that
    head NaN. A slot whose squared norm is beyond the dtype is like no key.

    Raises InputError for shapes that do not fit, a size of zero, tensors of several dtypes or
    devices, an even number of shifts, an unknown activation, a limit of gradients that is not
    positive, or a ``backend`` that cannot run.
    """
    _check(inputs, weights, state, shifts)
    if outputs is not None:
        _check_outputs(inputs, outputs, weights, state)
    if activation not in ACTIVATIONS:
        raise InputError(f"activation must be one of {', '.join(ACTIVATIONS)}, not {activation!r}")
    if not (isinstance(clip_gradient, int | float) and clip_gradient > 0):
        raise InputError(f"clip_gradient must be positive, not {clip_gradient!r}")
    given = (inputs, *weights, *state, *(outputs or ()))
    if trace and is_recorded(given):
        backend = _with_gradients_of_a_trace(backend)
    run = implementation("ntm_scan", backend, given)
    result: ScanResult = run(
        inputs,
        weights,
        state,
        shifts=shifts,
        activation=activation,
        outputs=outputs,
        trace=trace,
        clip_gradient=clip_gradient,
    )
    return result


def _with_gradients_of_a_trace(backend: str) -> str:
    """The backend that gives them; raises InputError if another was asked for."""
    if backend not in ("auto", "reference"):
        check_backend("ntm_scan", backend)
        raise InputError(
            f"the {backend} kernel gives no gradients of a trace; "
            "use backend='reference' or torch.no_grad()"
        )
    return "reference"


def _check_outputs(
    inputs: Tensor, outputs: OutputWeights, weights: ScanWeights, state: ScanState
) -> None:
    """Raises InputError for weights of outputs that do not fit hidden vectors and reads."""
    C, reads = weights.heads.shape[1], state.reads.shape[1] * state.reads.shape[2]
    shape, bias = tuple(outputs.weights.shape), tuple(outputs.bias.shape)
    if len(shape) != 2 or 0 in shape or shape[1] not in (C, C + reads) or bias != shape[:1]:
        raise InputError(
            f"outputs must have weights (O, {C}) or (O, {C + reads}) and a bias (O,), "
            f"not {shape} and {bias}"
        )
    check_tensors(
        inputs, {"outputs.weights": (outputs.weights, shape), "outputs.bias": (outputs.bias, bias)}
    )


def _check(inputs: Tensor, weights: ScanWeights, state: ScanState, shifts: int) -> None:
    """Raises InputError for the first tensor whose shape does not fit the others."""
    if shifts < 1 or shifts % 2 == 0:
        raise InputError(f"shifts must be odd and positive, not {shifts}")
    if inputs.dim() != 3 or 0 in inputs.shape:
        raise InputError(f"inputs must be (B, T, I) without 0, not {tuple(inputs.shape)}")
    for name, sizes in (
        ("memory", "(B, N, W)"),
        ("read_weightings", "(B, R, N)"),
        ("write_weightings", "(B, V, N)"),
    ):
        shape = tuple(getattr(state, name).shape)
        if len(shape) != 3 or 0 in shape:
            raise InputError(f"state.{name} must be {sizes} without 0, not {shape}")
    if weights.heads.dim() != 2 or 0 in weights.heads.shape:
        raise InputError(f"heads must be (P, C) without 0, not {tuple(weights.heads.shape)}")
    B, _, channels = inputs.shape
    G = weights.input_bias.numel()
    N, W = state.memory.shape[1:]
    C, L, K = weights.heads.shape[1], len(weights.layers) + 1, len(weights.recurrent)
    R, V = state.read_weightings.shape[1], state.write_weightings.shape[1]
    P = layout_of(state, shifts).size
    if (4 * C if K else C) != G or K not in (0, L):
        raise InputError(
            f"input_bias must have C = {C}, or 4 C with L = {L} recurrent layers; "
            f"it is {G} with {K} recurrent layers"
        )
    expected = {
        "weights.inputs": (weights.inputs, (G, channels)),
        "weights.input_bias": (weights.input_bias, (G,)),
        "weights.reads": (weights.reads, (G, R * W)),
        "weights.recurrent": (weights.recurrent, (K, G, C)),
        "weights.layers": (weights.layers, (L - 1, G, C)),
        "weights.layer_bias": (weights.layer_bias, (L - 1, G)),
        "weights.heads": (weights.heads, (P, C)),
        "weights.heads_bias": (weights.heads_bias, (P,)),
        "state.memory": (state.memory, (B, N, W)),
        "state.reads": (state.reads, (B, R, W)),
        "state.read_weightings": (state.read_weightings, (B, R, N)),
        "state.write_weightings": (state.write_weightings, (B, V, N)),
        "state.hidden": (state.hidden, (B, K, C)),
        "state.cell": (state.cell, (B, K, C)),
    }
    check_tensors(inputs, expected)

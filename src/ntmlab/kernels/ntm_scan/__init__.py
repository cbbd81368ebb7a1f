"""The scan of a Neural Turing Machine over time."""

import math

import torch
from torch import Tensor

from ntmlab.kernels.backend import Backend, runs_native
from ntmlab.kernels.ntm_scan import native, reference
from ntmlab.kernels.ntm_scan.reference import (
    ACTIVATIONS,
    Activation,
    OutputWeights,
    ScanResult,
    ScanState,
    ScanTrace,
    ScanWeights,
)

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "OutputWeights",
    "ScanResult",
    "ScanState",
    "ScanTrace",
    "ScanWeights",
    "ntm_scan",
]


@torch.compiler.disable  # type: ignore[untyped-decorator]
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
    backend: Backend = "auto",
) -> ScanResult:
    """The scan over inputs (B, T, I) from a state, as reference.py defines it.

    ``activation`` is that of a feedforward controller's units; an LSTM has its own. With weights of
    ``outputs`` it gives these, and hidden vectors and reads are not kept apart.

    The native kernel runs for float32 on the CPU and is differentiable once, in everything but the
    trace; the reference runs for everything else. Raises ValueError for shapes that do not fit, an
    even number of shifts, an unknown activation, a limit of gradients that is not positive, or a
    ``backend`` that cannot run.
    """
    _check(inputs, weights, state, shifts)
    if outputs is not None:
        _check_outputs(outputs, weights, state)
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, not {activation!r}")
    if not clip_gradient > 0:
        raise ValueError(f"clip_gradient must be positive, not {clip_gradient}")
    if runs_native(backend, (inputs, *weights, *state, *(outputs or ()))):
        run = native.ntm_scan
    else:
        run = reference.ntm_scan
    return run(
        inputs,
        weights,
        state,
        shifts=shifts,
        activation=activation,
        outputs=outputs,
        trace=trace,
        clip_gradient=clip_gradient,
    )


def _check_outputs(outputs: OutputWeights, weights: ScanWeights, state: ScanState) -> None:
    """Raises ValueError for weights of outputs that do not fit hidden vectors and reads."""
    C, reads = weights.heads.shape[1], state.reads.shape[1] * state.reads.shape[2]
    shape, bias = tuple(outputs.weights.shape), tuple(outputs.bias.shape)
    if len(shape) != 2 or 0 in shape or shape[1] not in (C, C + reads) or bias != shape[:1]:
        raise ValueError(
            f"outputs must have weights (O, {C}) or (O, {C + reads}) and a bias (O,), "
            f"not {shape} and {bias}"
        )


def _check(inputs: Tensor, weights: ScanWeights, state: ScanState, shifts: int) -> None:
    """Raises ValueError for the first tensor whose shape does not fit the others."""
    if shifts < 1 or shifts % 2 == 0:
        raise ValueError(f"shifts must be odd and positive, not {shifts}")
    if inputs.dim() != 3 or 0 in inputs.shape:
        raise ValueError(f"inputs must be (B, T, I) without 0, not {tuple(inputs.shape)}")
    if state.memory.dim() != 3 or 0 in state.memory.shape:
        raise ValueError(f"memory must be (B, N, W) without 0, not {tuple(state.memory.shape)}")
    if weights.heads.dim() != 2 or 0 in weights.heads.shape:
        raise ValueError(f"heads must be (P, C) without 0, not {tuple(weights.heads.shape)}")
    B, _, channels = inputs.shape
    G = weights.input_bias.numel()
    N, W = state.memory.shape[1:]
    C, L, K = weights.heads.shape[1], len(weights.layers) + 1, len(weights.recurrent)
    R, V = state.read_weightings.shape[1], state.write_weightings.shape[1]
    P = R * (W + 3 + shifts) + V * (3 * W + 3 + shifts)
    if (4 * C if K else C) != G or K not in (0, L) or 0 in (R, V):
        raise ValueError(
            f"input_bias must have C = {C}, or 4 C with L = {L} recurrent layers, with at least "
            f"one head of each kind; it is {G} with {K} recurrent layers, {R} and {V} heads"
        )
    expected = {
        "inputs": (weights.inputs, (G, channels)),
        "input_bias": (weights.input_bias, (G,)),
        "reads": (weights.reads, (G, R * W)),
        "recurrent": (weights.recurrent, (K, G, C)),
        "layers": (weights.layers, (L - 1, G, C)),
        "layer_bias": (weights.layer_bias, (L - 1, G)),
        "heads": (weights.heads, (P, C)),
        "heads_bias": (weights.heads_bias, (P,)),
        "state.memory": (state.memory, (B, N, W)),
        "state.reads": (state.reads, (B, R, W)),
        "state.read_weightings": (state.read_weightings, (B, R, N)),
        "state.write_weightings": (state.write_weightings, (B, V, N)),
        "state.hidden": (state.hidden, (B, K, C)),
        "state.cell": (state.cell, (B, K, C)),
    }
    for name, (tensor, shape) in expected.items():
        if tuple(tensor.shape) != shape:
            raise ValueError(f"{name} must have shape {shape}, not {tuple(tensor.shape)}")

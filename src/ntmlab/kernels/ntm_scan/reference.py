"""The scan of a Neural Turing Machine over time, one readable step after the other.

This is the definition: plain PyTorch, any dtype and device, gradients by autograd. The native
kernel must equal it in every output and gradient.

One step t, given the state after step t - 1:
  1. the controller sees the input and the previous reads and produces its hidden vector h_t;
  2. every head emits its parameters from h_t and addresses the memory M_{t-1};
  3. the read heads read from M_{t-1};
  4. the write heads erase and add, giving M_t.

Legend: B batch, T time, I inputs, N slots, W slot width, R read heads, V write heads, C controller
size, L controller layers, S shifts, G gates (1 for a feedforward controller, 4 for an LSTM),
P raw head parameters (heads.py).
"""

import math
from typing import Any, Literal, NamedTuple, get_args

import torch
from torch import Tensor

from ntmlab.kernels.ntm_scan.addressing import address
from ntmlab.kernels.ntm_scan.heads import HeadLayout
from ntmlab.kernels.ntm_scan.memory import read, write

Activation = Literal["tanh", "relu"]  # of a feedforward controller's units
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)


class ScanWeights(NamedTuple):
    """Weights of controller and heads."""

    inputs: Tensor  # (G * C, I) inputs -> first layer
    input_bias: Tensor  # (G * C,)
    reads: Tensor  # (G * C, R * W) previous reads -> first layer
    recurrent: Tensor  # (L, G * C, C) previous hidden -> same layer; (0, C, C) if feedforward
    layers: Tensor  # (L - 1, G * C, C) hidden of the layer below -> layers 2..L
    layer_bias: Tensor  # (L - 1, G * C)
    heads: Tensor  # (P, C) top layer's hidden -> raw head parameters, read heads first
    heads_bias: Tensor  # (P,)


class OutputWeights(NamedTuple):
    """Weights of outputs of every step: from the top hidden vector, and from the reads if wider."""

    weights: Tensor  # (O, C) or (O, C + R * W)
    bias: Tensor  # (O,)


class ScanState(NamedTuple):
    """Everything a machine carries from one step to the next."""

    memory: Tensor  # (B, N, W)
    reads: Tensor  # (B, R, W)
    read_weightings: Tensor  # (B, R, N)
    write_weightings: Tensor  # (B, V, N)
    hidden: Tensor  # (B, L, C); (B, 0, C) if feedforward
    cell: Tensor  # (B, L, C); (B, 0, C) if feedforward


def layout_of(state: ScanState, shifts: int) -> HeadLayout:
    """The layout of the head parameters of a machine in this state."""
    R, V = state.read_weightings.shape[1], state.write_weightings.shape[1]
    return HeadLayout(R, V, state.memory.shape[2], shifts)


class ScanTrace(NamedTuple):
    """What the heads did at each step."""

    read_weightings: Tensor  # (B, T, R, N)
    write_weightings: Tensor  # (B, T, V, N)
    head_parameters: Tensor  # (B, T, P) raw; `HeadLayout.activated` activates them
    reads: Tensor  # (B, T, R * W)


class ScanResult(NamedTuple):
    """What a scan gives: outputs if it has weights for them, else what they would be made of."""

    hidden: Tensor | None  # (B, T, C) of the top controller layer
    reads: Tensor | None  # (B, T, R * W)
    outputs: Tensor | None  # (B, T, O)
    state: ScanState  # after the last step
    trace: ScanTrace | None


def lstm_cell(gates: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
    """Hidden and cell vectors (B, C) from pre-activations (B, 4C) in the order i, f, g, o."""
    i, f, g, o = gates.chunk(4, dim=-1)
    cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(cell), cell


def controller(
    inputs: Tensor, weights: ScanWeights, state: ScanState, activation: Activation
) -> tuple[Tensor, Tensor, Tensor]:
    """One step (inputs (B, I)): top hidden (B, C), then the hidden and cell of all layers."""
    is_lstm = len(weights.recurrent) > 0
    pre = inputs @ weights.inputs.T + weights.input_bias
    pre = pre + state.reads.flatten(1) @ weights.reads.T
    hidden, cell, h = [], [], pre
    for layer in range(len(weights.layers) + 1):
        if layer > 0:
            pre = h @ weights.layers[layer - 1].T + weights.layer_bias[layer - 1]
        if is_lstm:
            pre = pre + state.hidden[:, layer] @ weights.recurrent[layer].T
            h, c = lstm_cell(pre, state.cell[:, layer])
            hidden.append(h)
            cell.append(c)
        else:
            h = torch.relu(pre) if activation == "relu" else torch.tanh(pre)
    if not is_lstm:
        return h, state.hidden, state.cell
    return h, torch.stack(hidden, dim=1), torch.stack(cell, dim=1)


def scan_step(
    inputs: Tensor, weights: ScanWeights, state: ScanState, shifts: int, activation: Activation
) -> tuple[Tensor, ScanState, Tensor]:
    """One step: top hidden (B, C), the next state, and the raw head parameters (B, P)."""
    layout = layout_of(state, shifts)
    top, hidden, cell = controller(inputs, weights, state, activation)
    raw = top @ weights.heads.T + weights.heads_bias
    heads = layout.activated(raw)
    w_read = address(heads.reading, state.memory, state.read_weightings)
    w_write = address(heads.writing, state.memory, state.write_weightings)
    next_state = ScanState(
        memory=write(state.memory, w_write, heads.erase, heads.add),
        reads=read(state.memory, w_read),
        read_weightings=w_read,
        write_weightings=w_write,
        hidden=hidden,
        cell=cell,
    )
    return top, next_state, raw


class ClipGradient(torch.autograd.Function):
    """The identity, whose gradient is clipped element by element to [-limit, limit]."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, limit: float) -> Tensor:
        """``x`` itself."""
        return x.view_as(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, float], output: Tensor) -> None:
        """Keeps the limit."""
        ctx.limit = inputs[1]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        """The gradient within its limits; NaN stays NaN."""
        return gradient.clamp(-ctx.limit, ctx.limit), None

    @staticmethod
    def jvp(ctx: Any, tangent: Tensor, limit: None) -> Tensor:
        """The tangent as it is: only what goes backward is clipped."""
        return tangent.view_as(tangent)


def clipped(state: ScanState, limit: float) -> ScanState:
    """The same state; the gradient that a step sends back through it is clipped."""
    if limit == math.inf:
        return state
    parts = (ClipGradient.apply(part, limit) for part in state)  # type: ignore[no-untyped-call]
    return ScanState(*parts)


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
) -> ScanResult:
    """The scan over inputs (B, T, I) from an initial state; T must be at least 1.

    Gradients that go from a step to the state before it are clipped, element by element, to
    [-clip_gradient, clip_gradient] (section 4.6 clips all components in the backward pass).
    """
    rows: list[tuple[Tensor, ...]] = []
    for t in range(inputs.shape[1]):
        before = clipped(state, clip_gradient)
        top, state, raw = scan_step(inputs[:, t], weights, before, shifts, activation)
        rows.append((top, state.reads.flatten(1), *state[2:4], raw))
    hidden, reads, read_weightings, write_weightings, raws = (
        torch.stack(steps, 1) for steps in zip(*rows, strict=True)
    )
    record = ScanTrace(read_weightings, write_weightings, raws, reads) if trace else None
    if outputs is None:
        return ScanResult(hidden, reads, None, state, record)
    return ScanResult(None, None, project(hidden, reads, outputs), state, record)


def project(hidden: Tensor, reads: Tensor, outputs: OutputWeights) -> Tensor:
    """Outputs (B, T, O) from hidden vectors (B, T, C) and, if the weights are wide, reads."""
    seen = torch.cat([hidden, reads], -1)[..., : outputs.weights.shape[1]]
    return seen @ outputs.weights.T + outputs.bias

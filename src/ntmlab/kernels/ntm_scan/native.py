"""The native scan inside autograd.

Sequences step together in groups of up to 4, so that weights are read once for all of them; a
sequence's memory and weightings have slots in the lanes of vectors. Time is cut into segments of 4
to 16 steps.

Memory: where a gradient may be asked for, the forward pass keeps, for each sequence, the activated
head parameters and the controller's units of every step and the state before every segment: about
4 * T * (P + R * W + (S + 6) * (R + V) + L * C * (6 if LSTM else 1) + N * (W + 1 + R + V) / segment)
bytes, rounded up to whole vectors: 0.5 MB for 200 steps at the paper's sizes; without gradients
nothing. Besides, a thread has the state and a segment of one group (0.6 MB backward at the paper's
sizes), and the weights' gradients. That does not depend on batch or time. Up to 128 MB is kept for
the next call.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from ntmlab.kernels.backend import native_module, thread_count
from ntmlab.kernels.ntm_scan.reference import (
    Activation,
    OutputWeights,
    ScanResult,
    ScanState,
    ScanTrace,
    ScanWeights,
)

WEIGHTS = (
    "input_weights",
    "input_bias",
    "reads",
    "recurrent",
    "layers",
    "layer_bias",
    "heads",
    "heads_bias",
)
STATE = ("memory0", "reads0", "read_w0", "write_w0", "hidden0", "cell0")
OUTPUTS = ("output_weights", "output_bias")
END = ("memory", "reads_end", "read_w", "write_w", "hidden_end", "cell_end")
NAMES = ("inputs", *WEIGHTS, *STATE, *OUTPUTS)


def _capsules(tensors: dict[str, Tensor]) -> dict[str, object]:
    """DLPack capsules, made in a quarter of the time that ``__dlpack__`` takes."""
    to_dlpack = torch.utils.dlpack.to_dlpack  # type: ignore[attr-defined]
    return {name: to_dlpack(tensor) for name, tensor in tensors.items()}


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        shifts: int,
        activation: Activation,
        keep: bool,
        trace: bool,
        clip: float,
        *given: Tensor,
    ) -> tuple[Tensor, ...]:
        arrays = {n: t.detach().contiguous() for n, t in zip(NAMES, given, strict=False)}
        inputs, memory = arrays["inputs"], arrays["memory0"]
        B, T, channels = inputs.shape
        N, W = memory.shape[1:]
        R, V = arrays["read_w0"].shape[1], arrays["write_w0"].shape[1]
        C, L = arrays["heads"].shape[1], len(arrays["layers"]) + 1
        G, P = len(arrays["input_bias"]), len(arrays["heads_bias"])
        new = inputs.new_empty
        count, seen = arrays["output_weights"].shape if len(given) == len(NAMES) else (0, C)
        traced = {"weightings": new(B, T, R + V, N), "raw": new(B, T, P)} if trace else {}
        if count:
            outputs = {"outputs": new(B, T, count)}
            traced |= {"read_out": new(B, T, R * W)} if trace else {}
        else:
            outputs = {"hidden": new(B, T, C), "read_out": new(B, T, R * W)}
        outputs |= {n: torch.empty_like(arrays[s]) for n, s in zip(END, STATE, strict=True)}
        native = native_module()
        assert native is not None  # the public function chose this path
        relu = int(activation == "relu")
        ctx.sizes = (B, T, channels, N, W, R, V, C, L, shifts, G // C, relu, count, seen)
        shared = _capsules(arrays | outputs | traced)
        ctx.tape = native.ntm_forward(ctx.sizes, shared, keep=keep, threads=thread_count())
        ctx.clip, ctx.returned = clip, tuple(outputs)
        ctx.save_for_backward(*given)
        ctx.mark_non_differentiable(*traced.values())
        return (*outputs.values(), *traced.values())

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *incoming: Tensor) -> tuple[Tensor | None, ...]:
        saved = zip(NAMES, ctx.saved_tensors, strict=False)
        arrays = {n: t.detach().contiguous() for n, t in saved}
        gradients = {
            f"d_{n}": torch.empty_like(t)
            for n, t in arrays.items()
            if n != "inputs" or ctx.needs_input_grad[5]
        }
        arrived = zip(ctx.returned, incoming, strict=False)  # a trace has no gradients
        arrays |= {f"d_{n}": g.contiguous() for n, g in arrived}
        native = native_module()
        assert native is not None
        shared = _capsules(arrays | gradients)
        native.ntm_backward(ctx.sizes, shared, ctx.tape, clip=ctx.clip, threads=thread_count())
        names = NAMES[: len(ctx.saved_tensors)]
        return (None, None, None, None, None, *(gradients.get(f"d_{n}") for n in names))


def ntm_scan(
    inputs: Tensor,
    weights: ScanWeights,
    state: ScanState,
    *,
    shifts: int,
    activation: Activation,
    outputs: OutputWeights | None,
    trace: bool,
    clip_gradient: float,
) -> ScanResult:
    """The native scan; arguments as in the reference."""
    given = (inputs, *weights, *state, *(outputs or ()))
    needed = torch.is_grad_enabled() and any(t.requires_grad for t in given)
    options = (shifts, activation, needed, trace, clip_gradient)
    results = _Scan.apply(*options, *given)  # type: ignore[no-untyped-call]
    steps = 2 if outputs is None else 1
    end, traced = ScanState(*results[steps : steps + len(END)]), results[steps + len(END) :]
    hidden, reads = results[:2] if outputs is None else (None, None)
    record = None
    if trace:
        R, weightings = state.read_weightings.shape[1], traced[0]
        seen = reads.detach() if reads is not None else traced[2]
        record = ScanTrace(weightings[:, :, :R], weightings[:, :, R:], traced[1], seen)
    return ScanResult(hidden, reads, None if outputs is None else results[0], end, record)

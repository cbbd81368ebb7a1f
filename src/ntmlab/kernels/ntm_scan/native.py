"""The native scan inside autograd.

Memory: where a gradient may be asked for, or a trace, the forward pass keeps for each sequence and
step two weightings a head, the raw head parameters, and the controller's gates and states:
4 * (2 * (R + V) * N + P + L * (G + 2 * C)) bytes, 3.6 kB a step or 0.7 MB for 200 steps at the
paper's sizes; without gradients nothing. Besides, each thread has one machine (the memory and a
few vectors), and in the backward pass the history of one sequence's memory, 4 * T * N * W bytes
(2 MB there). That does not depend on the batch.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from ntmlab.kernels.backend import native_module, thread_count
from ntmlab.kernels.ntm_scan.reference import ScanResult, ScanState, ScanTrace, ScanWeights

WEIGHTS = ("reads", "recurrent", "layers", "layer_bias", "heads", "heads_bias")
STATE = ("memory0", "reads0", "read_w0", "write_w0", "hidden0", "cell0")
END = ("memory", "reads_end", "read_w", "write_w", "hidden_end", "cell_end")


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, shifts: int, keep: bool, *given: Tensor) -> tuple[Tensor, ...]:
        names = ("projected", *WEIGHTS, *STATE)
        arrays = {n: t.detach().contiguous() for n, t in zip(names, given, strict=True)}
        projected, memory = arrays["projected"], arrays["memory0"]
        B, T, G = projected.shape
        N, W = memory.shape[1:]
        R, V = arrays["read_w0"].shape[1], arrays["write_w0"].shape[1]
        C, L = arrays["heads"].shape[1], len(arrays["layers"]) + 1
        P = len(arrays["heads_bias"])
        sizes = (B, T, N, W, R, V, C, L, shifts, G // C)
        new = projected.new_empty
        arrays |= {"hidden": new(B, T, C), "read_out": new(B, T, R * W)}
        arrays |= {n: torch.empty_like(arrays[s]) for n, s in zip(END, STATE, strict=True)}
        if keep:
            arrays |= {
                "weightings": new(B, T, R + V, N),
                "raw": new(B, T, P),
                "gates": new(B, T, L, G),
                "states": new(B, T, L, 2, C),
                "content": new(B, T, R + V, N),
            }
        native = native_module()
        assert native is not None
        native.ntm_forward(sizes, arrays, thread_count())
        outputs = (arrays["hidden"], arrays["read_out"], *(arrays[n] for n in END))
        extra = (arrays["weightings"], arrays["raw"]) if keep else (new(0), new(0))
        ctx.mark_non_differentiable(*extra)
        ctx.sizes = sizes
        saved = [n for n in arrays if n not in END]
        ctx.names = saved
        if keep:
            ctx.save_for_backward(*(arrays[n] for n in saved))
        return (*outputs, *extra)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *incoming: Tensor) -> tuple[Tensor | None, ...]:
        arrays = dict(zip(ctx.names, ctx.saved_tensors, strict=True))
        B, T, *_, C, L, _, gates = ctx.sizes
        names = ("d_hidden", "d_read_out", *(f"d_{n}" for n in END))
        arrays |= {n: g.contiguous() for n, g in zip(names, incoming, strict=False)}
        new = arrays["projected"].new_empty
        pre, raw = new(B, T, L, gates * C), new(B, T, arrays["raw"].shape[-1])
        starts = {f"d_{n}": torch.empty_like(arrays[n]) for n in STATE}
        native = native_module()
        assert native is not None
        arrays |= {"d_pre": pre, "d_raw": raw} | starts
        native.ntm_backward(ctx.sizes, arrays, thread_count())
        flat_raw = raw.flatten(0, 1)
        hidden = arrays["states"][:, :, :, 0]
        before = torch.cat([arrays["reads0"].flatten(1)[:, None], arrays["read_out"][:, :-1]], 1)
        d_reads = pre[:, :, 0].flatten(0, 1).T @ before.flatten(0, 1)
        d_recurrent = torch.zeros_like(arrays["recurrent"])
        if gates == 4:
            old = torch.cat([arrays["hidden0"][:, None], hidden[:, :-1]], 1)
            for layer in range(L):
                d_recurrent[layer] = pre[:, :, layer].flatten(0, 1).T @ old[:, :, layer].flatten(
                    0, 1
                )
        d_layers = torch.zeros_like(arrays["layers"])
        for layer in range(1, L):
            below = hidden[:, :, layer - 1].flatten(0, 1)
            d_layers[layer - 1] = pre[:, :, layer].flatten(0, 1).T @ below
        return (
            None,
            None,
            pre[:, :, 0],
            d_reads,
            d_recurrent,
            d_layers,
            pre[:, :, 1:].sum((0, 1)),
            flat_raw.T @ arrays["hidden"].flatten(0, 1),
            flat_raw.sum(0),
            *(starts[f"d_{n}"] for n in STATE),
        )


def ntm_scan(
    projected: Tensor, weights: ScanWeights, state: ScanState, *, shifts: int, trace: bool
) -> ScanResult:
    """The native scan; arguments as in the reference."""
    given = (projected, *weights, *state)
    needed = torch.is_grad_enabled() and any(t.requires_grad for t in given)
    hidden, reads, *rest = _Scan.apply(  # type: ignore[no-untyped-call]
        shifts, needed or trace, *given
    )
    weightings, raw = rest[6:]
    record = None
    if trace:
        R = state.read_weightings.shape[1]
        record = ScanTrace(weightings[:, :, :R], weightings[:, :, R:], raw)
    return ScanResult(hidden, reads, ScanState(*rest[:6]), record)

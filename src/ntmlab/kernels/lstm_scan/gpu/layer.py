"""One layer of the LSTM over time on a GPU, as autograd has it."""

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from ntmlab.errors import InputError
from ntmlab.kernels.autograd import Gradients
from ntmlab.kernels.cuda import (
    Kernel,
    arguments,
    load,
    number_of,
    processors,
    shared_limit,
    structure,
)
from ntmlab.kernels.lstm_scan.gpu.plan import Plan, make_plan, quarter, source

ForwardArguments = structure(source(), "Forward")
BackwardArguments = structure(source(), "Backward")


class Engine(Protocol):
    """What runs a pass."""

    def plan(self, batch: int, units: int, *, forward: bool) -> Plan | None:
        """How it is to run; None if it cannot."""
        ...

    def run(self, plan: Plan, batch: int, arguments: ctypes.Structure) -> None:
        """Runs it."""
        ...


class GPU:
    """A CUDA device."""

    def __init__(self, device: torch.device) -> None:
        self.device = number_of(device)

    def plan(self, batch: int, units: int, *, forward: bool) -> Plan | None:
        """How a pass runs, or None if the weights of a layer do not fit a processor."""
        return gpu_plan(batch, units, forward, self.device)

    def run(self, plan: Plan, batch: int, arguments: ctypes.Structure) -> None:
        """Launches it on PyTorch's current stream."""
        gpu_kernel(plan, self.device)((-(-batch // plan.groups), 1), plan.threads, arguments)


@cache
def gpu_plan(batch: int, units: int, forward: bool, device: int) -> Plan | None:
    """The plan of a pass on a device."""
    chip = {"limit": shared_limit(device), "processors": processors(device)}
    return make_plan(batch, units, forward=forward, **chip)


@cache
def gpu_kernel(plan: Plan, device: int) -> Kernel:
    """The kernel of a pass on a device."""
    name = "lstm_forward" if plan.forward else "lstm_backward"
    return load(source(), name, plan.macros(), 4 * plan.floats, device)


@dataclass(frozen=True)
class Layer:
    """Hidden vectors (T, B, C), and hidden and cell after the last step (B, C).

    From pre-activations (T, B, 4C), recurrent weights (4C, C), and the state before the first step.
    """

    engine: Engine | None = None  # None: the GPU that the tensors are on

    def forward(
        self, tensors: list[Tensor], *, keep: bool
    ) -> tuple[tuple[Tensor, ...], Tensor | None]:
        """Outputs, and what the backward pass wants if ``keep``."""
        pre, recurrent, hidden0, cell0 = tensors
        T, B, G = pre.shape
        C, rows = G // 4, (T + 1) * B
        plan = self._plan(pre, forward=True)
        tape = pre.new_empty(rows * C * 2 + T * B * G * keep)
        hidden = tape[: rows * C].view(T + 1, B, C)
        cells = tape[rows * C : 2 * rows * C].view(T + 1, B, C)
        given = {
            "pre": pre,
            "recurrent": forward_weights(recurrent),
            "hidden0": hidden0,
            "cell0": cell0,
            "hidden": hidden,
            "cells": cells,
            "gates": tape[2 * rows * C :] if keep else None,
        }
        self._engine(pre).run(plan, B, arguments(ForwardArguments, given, B=B, T=T))
        return (hidden[1:].clone(), hidden[-1].clone(), cells[-1].clone()), tape if keep else None

    def new_outputs(self, tensors: list[Tensor]) -> tuple[Tensor, ...]:
        """Outputs whose numbers nobody has computed yet."""
        pre, _, hidden0, cell0 = tensors
        T, B, G = pre.shape
        return pre.new_empty(T, B, G // 4), torch.empty_like(hidden0), torch.empty_like(cell0)

    def backward(
        self, tensors: list[Tensor], kept: Tensor, arrived: list[Tensor | None], needed: list[bool]
    ) -> Gradients:
        """Gradients of those tensors that need one."""
        pre, recurrent, hidden0, cell0 = tensors
        T, B, G = pre.shape
        C, rows = G // 4, (T + 1) * B
        grad_pre, by_hidden, by_cell = map(torch.empty_like, (pre, hidden0, cell0))
        given: dict[str, Tensor | None] = {
            "recurrent": backward_weights(recurrent),
            "cells": kept[rows * C : 2 * rows * C],
            "gates": kept[2 * rows * C :],
            "grad_hidden": arrived[0],
            "grad_hidden_end": arrived[1],
            "grad_cell_end": arrived[2],
            "grad_pre": grad_pre,
            "grad_hidden0": by_hidden,
            "grad_cell0": by_cell,
        }
        structure = arguments(BackwardArguments, given, B=B, T=T)
        self._engine(pre).run(self._plan(pre, forward=False), B, structure)
        before = kept[: T * B * C].view(T * B, C)
        by_weights = grad_pre.view(T * B, G).T @ before if needed[1] else None
        found = (grad_pre, by_weights, by_hidden, by_cell)
        return tuple(g if n else None for g, n in zip(found, needed, strict=True))

    def reference(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """The same outputs step by step."""
        pre, recurrent, h, c = tensors
        hidden = []
        for row in pre:
            i, f, g, o = (row + h @ recurrent.T).chunk(4, -1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            hidden.append(h)
        return torch.stack(hidden), h, c

    def _engine(self, like: Tensor) -> Engine:
        return self.engine or GPU(like.device)

    def _plan(self, pre: Tensor, *, forward: bool) -> Plan:
        plan = self._engine(pre).plan(pre.shape[1], pre.shape[2] // 4, forward=forward)
        if plan is None:
            raise InputError(
                "the weights of a layer do not fit into a processor of this GPU; "
                "use backend='layered'"
            )
        return plan


def forward_weights(recurrent: Tensor) -> Tensor:
    """(4C, C) as (kQuarter, 4C, 4): [k, 4 c + q, g] is the weight from quarter q's k to gate g."""
    C = recurrent.shape[1]
    each = quarter(C)
    wide = functional.pad(recurrent, (0, 4 * each - C)) if 4 * each > C else recurrent
    return wide.view(4, C, 4, each).permute(3, 1, 2, 0).contiguous()


def backward_weights(recurrent: Tensor) -> Tensor:
    """(4C, C) as (C / 4, 4C, 4): [k, 4 c + q, j] is the weight from unit c to gate q of 4 k + j."""
    C = recurrent.shape[1]
    gates = recurrent.view(4, C, C)
    if C % 4:
        gates = functional.pad(gates, (0, 0, 0, -C % 4))
    fours: Tensor = gates.unflatten(1, (-1, 4))
    return fours.permute(1, 3, 0, 2).contiguous()

"""The scans of several machines of one size at once: many seeds of a recipe in one launch.

The definition is a loop over the machines of `ntm_scan`. A backend whose module has an
``ntm_scan_seeds`` of its own does all of them together.

Legend: S machines, B sequences of each, T time, N slots; the rest as in reference.py.
"""

import importlib
import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn.functional import pad

from ntmlab.errors import InputError
from ntmlab.kernels.backend import choose
from ntmlab.kernels.ntm_scan import ntm_scan
from ntmlab.kernels.ntm_scan.reference import (
    Activation,
    OutputWeights,
    ScanResult,
    ScanState,
    ScanWeights,
)

NAME: Final = "ntm_scan_seeds"  # of the function in a backend's module
OVER_SLOTS: Final = {"memory": -2, "read_weightings": -1, "write_weightings": -1}  # their axis


def ntm_scan_seeds(
    inputs: Tensor,
    weights: ScanWeights,
    state: ScanState,
    *,
    shifts: int,
    activation: Activation = "tanh",
    outputs: OutputWeights | None = None,
    clip_gradient: float = math.inf,
    slots: Sequence[int] | Tensor | None = None,
    backend: str = "auto",
) -> ScanResult:
    """The scans over inputs (S, B, T, I); each part of weights, state and outputs has a leading S.

    Machine s has the first ``slots[s]`` slots of its memory and weightings only; what the result
    has beyond these is 0. Slots in a tensor (S,) int32 on a GPU are read by the kernel alone, so
    that nobody waits for them, and checked by nobody. Raises InputError for another leading axis,
    slots that are not one whole number from 1 to N for each machine, and as `ntm_scan`.
    """
    given = (inputs, *weights, *state, *(outputs or ()))
    known = slots.tolist() if isinstance(slots, Tensor) and slots.is_cpu else slots
    sizes = _checked(given, state, None if isinstance(known, Tensor) else known)
    options: dict[str, Any] = {
        "shifts": shifts,
        "activation": activation,
        "clip_gradient": clip_gradient,
    }
    module = importlib.import_module(choose("ntm_scan", backend, given).module)
    together = getattr(module, NAME, None)
    if together is not None:
        found: ScanResult = together(
            inputs, weights, state, outputs=outputs, slots=known, **options
        )
        return found
    if isinstance(known, Tensor):
        sizes = known.tolist()
    machines = zip(
        inputs.unbind(),
        map(ScanWeights._make, _unbound(weights)),
        map(ScanState._make, _unbound(state)),
        [None] * len(inputs) if outputs is None else map(OutputWeights._make, _unbound(outputs)),
        sizes,
        strict=True,
    )
    N = state.memory.shape[2]
    results = [
        _widened(ntm_scan(x, w, _narrowed(start, size), outputs=out, backend=backend, **options), N)
        for x, w, start, out, size in machines
    ]
    return _stacked(results)


def _checked(
    given: Iterable[Tensor], state: ScanState, slots: Sequence[int] | None
) -> Sequence[int]:
    """The slots of each machine; raises InputError unless everything is of as many machines."""
    machines = {tensor.shape[0] if tensor.ndim else 0 for tensor in given}
    if len(machines) != 1 or 0 in machines:
        raise InputError(f"everything must have one leading axis S of machines, not {machines}")
    (S,) = machines
    if state.memory.ndim != 4:
        raise InputError(f"state.memory must be (S, B, N, W), not {tuple(state.memory.shape)}")
    N = state.memory.shape[2]
    sizes = [N] * S if slots is None else list(slots)
    if len(sizes) != S or not all(isinstance(size, int) and 1 <= size <= N for size in sizes):
        raise InputError(f"slots must be a whole number from 1 to {N} for each of {S} machines")
    return sizes


def _unbound(parts: Sequence[Tensor]) -> Iterable[tuple[Tensor, ...]]:
    """The parts of each machine."""
    return zip(*(part.unbind() for part in parts), strict=True)


def _narrowed(state: ScanState, slots: int) -> ScanState:
    """A state (B, ...) with the first so many slots."""
    cut = {name: getattr(state, name).narrow(axis, 0, slots) for name, axis in OVER_SLOTS.items()}
    return state._replace(**cut)


def _widened(result: ScanResult, slots: int) -> ScanResult:
    """A result whose state has so many slots, those behind its own 0."""
    missing = slots - result.state.memory.shape[1]
    if not missing:
        return result
    wide = {}
    for name, axis in OVER_SLOTS.items():
        behind = (0, missing) if axis == -1 else (0, 0, 0, missing)
        wide[name] = pad(getattr(result.state, name), behind)
    return result._replace(state=result.state._replace(**wide))


def _stacked(results: list[ScanResult]) -> ScanResult:
    """The results of all machines with a leading S."""

    def stack(parts: Sequence[Tensor | None]) -> Tensor | None:
        there = [part for part in parts if part is not None]
        return torch.stack(there) if there else None

    hidden = stack([result.hidden for result in results])
    reads = stack([result.reads for result in results])
    outputs = stack([result.outputs for result in results])
    ends = (torch.stack(parts) for parts in zip(*(r.state for r in results), strict=True))
    return ScanResult(hidden, reads, outputs, ScanState(*ends), None)

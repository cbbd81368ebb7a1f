"""The scan on a GPU: CUDA C++, compiled for the sizes at hand when they first come."""

import math
from collections.abc import Sequence

from torch import Tensor

from ntmlab.kernels.autograd import run
from ntmlab.kernels.backend import is_compiled
from ntmlab.kernels.ntm_scan.gpu.call import Given, Scan
from ntmlab.kernels.ntm_scan.gpu.launch import GPU, gpu_plan
from ntmlab.kernels.ntm_scan.gpu.plan import sizes_of
from ntmlab.kernels.ntm_scan.reference import (
    Activation,
    OutputWeights,
    ScanResult,
    ScanState,
    ScanTrace,
    ScanWeights,
)
from ntmlab.kernels.operators import make_operator


def _make_call(shifts: int, activation: Activation, trace: bool, clip: float, threads: int) -> Scan:
    return Scan(shifts, activation, trace, clip)


operator = make_operator(
    "ntm_scan_gpu", _make_call, "int shifts, str activation, bool trace, float clip_gradient"
)


def misfit(tensors: Sequence[Tensor]) -> str | None:
    """Why the scan of a call's tensors, with or without Z in front, cannot run on their GPU."""
    if tensors[0].dim() == 3:
        tensors = [tensor.unsqueeze(0) for tensor in tensors]
    given = Given.of(list(tensors))
    heads = sum(part.shape[2] for part in given.state[2:4])
    W, P = given.state.memory.shape[3], given.weights.heads.shape[1]
    writing = 2 * W * given.state.write_weightings.shape[2]
    shifts = (P - writing) // heads - W - 3  # of heads.py: each has key, beta, g, shifts, gamma
    z = sizes_of(given.inputs, given.weights, given.state, shifts, False)
    device = GPU(given.inputs.device).device
    if all(gpu_plan(z, device, backward) is not None for backward in (False, True)):
        return None
    return "a sequence of these sizes does not fit into a processor of the GPU"


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
    """As ``reference.ntm_scan``. Gives no gradients where there is a trace."""
    result = ntm_scan_seeds(
        inputs.unsqueeze(0),
        ScanWeights(*(part.unsqueeze(0) for part in weights)),
        ScanState(*(part.unsqueeze(0) for part in state)),
        shifts=shifts,
        activation=activation,
        outputs=None if outputs is None else OutputWeights(*(p.unsqueeze(0) for p in outputs)),
        trace=trace,
        clip_gradient=clip_gradient,
    )
    hidden, reads, found = (None if s is None else s.squeeze(0) for s in result[:3])
    record = None if result.trace is None else ScanTrace(*(part[0] for part in result.trace))
    end = ScanState(*(part.squeeze(0) for part in result.state))
    return ScanResult(hidden, reads, found, end, record)


def ntm_scan_seeds(
    inputs: Tensor,
    weights: ScanWeights,
    state: ScanState,
    *,
    shifts: int,
    activation: Activation = "tanh",
    outputs: OutputWeights | None = None,
    trace: bool = False,
    clip_gradient: float = math.inf,
    slots: Sequence[int] | Tensor | None = None,
) -> ScanResult:
    """As ``seeds.ntm_scan_seeds``: one launch for all seeds, with Z in front of every tensor."""
    tensors = (inputs, *weights, *state, *(outputs or ()))
    if is_compiled() and slots is None:
        results = operator(tensors, shifts, activation, trace, clip_gradient)
    else:
        chosen = tuple(slots) if isinstance(slots, Sequence) else slots
        results = run(Scan(shifts, activation, trace, clip_gradient, chosen), tensors)
    return as_result(results, state, outputs, trace=trace)


def as_result(
    results: Sequence[Tensor], state: ScanState, outputs: OutputWeights | None, *, trace: bool
) -> ScanResult:
    """The outputs of a call by their names."""
    steps = 2 if outputs is None else 1
    end, traced = ScanState(*results[steps : steps + 6]), results[steps + 6 :]
    hidden, reads = results[:2] if outputs is None else (None, None)
    record = None
    if trace:
        R, weightings = state.read_weightings.shape[2], traced[0]
        seen = traced[2] if reads is None else reads
        record = ScanTrace(weightings[:, :, :, :R], weightings[:, :, :, R:], traced[1], seen)
    return ScanResult(hidden, reads, None if outputs is None else results[0], end, record)

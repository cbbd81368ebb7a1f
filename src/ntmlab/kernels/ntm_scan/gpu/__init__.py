"""The scan on a GPU: CUDA C++, compiled for the sizes at hand when they first come."""

import math
from collections.abc import Sequence

from torch import Tensor

from ntmlab.kernels.autograd import run
from ntmlab.kernels.backend import is_compiled
from ntmlab.kernels.ntm_scan.calls import Given, as_result
from ntmlab.kernels.ntm_scan.gpu.call import Scan
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
    given = Given.of(tensors)
    z = sizes_of(given, _shifts(given), relu=False)
    device = GPU(given.inputs.device).device
    if all(gpu_plan(z, device, backward) is not None for backward in (False, True)):
        return None
    return "a sequence of these sizes does not fit into a processor of the GPU"


def _shifts(given: Given) -> int:
    """Shifts, from the number of head parameters: each head has key, beta, g, these and gamma."""
    R, V = given.state.read_weightings.shape[-2], given.state.write_weightings.shape[-2]
    W, P = given.state.memory.shape[-1], given.weights.heads.shape[-2]
    return (P - 2 * W * V) // (R + V) - W - 3


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
    return as_result(results, Given(inputs, weights, state, outputs), trace=trace)

"""The scan of a Neural Turing Machine over time."""

from torch import Tensor

from ntmlab.kernels.backend import Backend, runs_native
from ntmlab.kernels.ntm_scan import native, reference
from ntmlab.kernels.ntm_scan.reference import ScanResult, ScanState, ScanTrace, ScanWeights

__all__ = ["ScanResult", "ScanState", "ScanTrace", "ScanWeights", "ntm_scan"]


def ntm_scan(
    projected: Tensor,
    weights: ScanWeights,
    state: ScanState,
    *,
    shifts: int,
    trace: bool = False,
    backend: Backend = "auto",
) -> ScanResult:
    """The scan of the reference, by the fastest implementation that can run."""
    if runs_native(backend, (projected, *weights, *state)):
        return native.ntm_scan(projected, weights, state, shifts=shifts, trace=trace)
    return reference.ntm_scan(projected, weights, state, shifts=shifts, trace=trace)

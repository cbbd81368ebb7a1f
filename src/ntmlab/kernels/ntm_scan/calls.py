"""The tensors of a call of the scan in their order, which every kernel shares, and their names."""

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor

from ntmlab.kernels.ntm_scan.reference import (
    OutputWeights,
    ScanResult,
    ScanState,
    ScanTrace,
    ScanWeights,
)

STATE = ("memory0", "reads0", "read_w0", "write_w0", "hidden0", "cell0")  # before the first step
END = ("memory", "reads_end", "read_w", "write_w", "hidden_end", "cell_end")  # after the last


class Given(NamedTuple):
    """The tensors of a call by their roles; all of them may have an axis of seeds in front."""

    inputs: Tensor
    weights: ScanWeights
    state: ScanState
    outputs: OutputWeights | None

    @classmethod
    def of(cls, tensors: Sequence[Tensor]) -> "Given":
        """From their order in a call."""
        outputs = OutputWeights(*tensors[15:]) if tensors[15:] else None
        return cls(tensors[0], ScanWeights(*tensors[1:9]), ScanState(*tensors[9:15]), outputs)


def as_tensors(result: ScanResult) -> tuple[Tensor, ...]:
    """A result without its trace in the order of a call's outputs."""
    steps = (result.hidden, result.reads, result.outputs)
    return (*(step for step in steps if step is not None), *result.state)


def as_result(found: Sequence[Tensor], given: Given, *, trace: bool) -> ScanResult:
    """The outputs of a call by their names.

    In their order: those of the steps, or hidden vectors and reads; the state after the last; of a
    trace weightings of all heads, raw head parameters and, beside outputs, reads.
    """
    steps = 2 if given.outputs is None else 1
    end, traced = ScanState(*found[steps : steps + len(END)]), found[steps + len(END) :]
    hidden, reads = found[:2] if given.outputs is None else (None, None)
    record = None
    if trace:
        R, weightings = given.state.read_weightings.shape[-2], traced[0]
        seen = traced[2] if reads is None else reads
        record = ScanTrace(weightings[..., :R, :], weightings[..., R:, :], traced[1], seen)
    return ScanResult(hidden, reads, None if given.outputs is None else found[0], end, record)

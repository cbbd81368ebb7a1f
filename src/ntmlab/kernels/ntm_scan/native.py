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

import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.kernels.autograd import Gradients, capsules, run
from ntmlab.kernels.backend import is_compiled, native_module, thread_count
from ntmlab.kernels.ntm_scan import reference
from ntmlab.kernels.ntm_scan.calls import END, STATE, Given, as_result, as_tensors
from ntmlab.kernels.ntm_scan.reference import (
    Activation,
    OutputWeights,
    ScanResult,
    ScanState,
    ScanWeights,
)
from ntmlab.kernels.operators import make_operator

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
OUTPUTS = ("output_weights", "output_bias")
NAMES = ("inputs", *WEIGHTS, *STATE, *OUTPUTS)


LONG = 1000  # steps from which on it costs nothing to look whether gradients overflowed


def take_at_most(instruction_set: str) -> None:
    """Has the scans of this process take no larger one of `ntmlab.native.SETS`.

    A machine far beyond its training multiplies differences in the last bit of a sum, and says
    another thing on a processor with other vectors; with "baseline" all of a kind say the same, as
    does the page in the browser. Raises InputError for another word, and once a scan has taken
    another one. Without the compiled kernels the reference runs, whatever is taken.
    """
    module = native_module()
    if module is None:
        return
    try:
        module.ntm_scan_take_at_most(instruction_set)
    except (ValueError, RuntimeError) as error:
        raise InputError(str(error)) from None


def _remark_on_overflow(
    found: Iterable[Tensor], arrived: Sequence[Tensor | None], steps: int
) -> None:
    """Says what to set where finite gradients came in and others go out."""

    def finite(gradients: Iterable[Tensor | None]) -> bool:
        return all(bool(one.isfinite().all()) for one in gradients if one is not None)

    if not finite(found) and finite(arrived):
        warnings.warn(
            f"gradients over {steps} steps overflowed; set model.clip_gradient = 10 "
            "or detach the state between shorter pieces",
            RuntimeWarning,
            stacklevel=2,
        )


@dataclass(frozen=True)
class _Scan:
    shifts: int
    activation: Activation
    trace: bool
    clip: float
    threads: int  # what is kept depends on it

    @property
    def _options(self) -> dict[str, object]:
        relu = self.activation == "relu"
        return {"shifts": self.shifts, "relu": relu, "threads": self.threads}

    def forward(
        self, tensors: list[Tensor], *, keep: bool
    ) -> tuple[tuple[Tensor, ...], Tensor | None]:
        native = native_module()
        assert native is not None  # the public function chose this path
        arrays = dict(zip(NAMES, tensors, strict=False))
        outputs = self._new_outputs(arrays)
        shared = capsules(arrays | outputs)
        kept = native.ntm_scan_forward(shared, keep=keep, **self._options)
        return tuple(outputs.values()), kept

    def new_outputs(self, tensors: list[Tensor]) -> tuple[Tensor, ...]:
        return tuple(self._new_outputs(dict(zip(NAMES, tensors, strict=False))).values())

    def _new_outputs(self, arrays: dict[str, Tensor]) -> dict[str, Tensor]:
        steps, records = self._new_steps(arrays), self._new_records(arrays)
        end = {n: torch.empty_like(arrays[s]) for n, s in zip(END, STATE, strict=True)}
        return steps | end | records

    def _new_steps(self, arrays: dict[str, Tensor]) -> dict[str, Tensor]:
        """Outputs of every step: those asked for, or what they would be made of."""
        inputs, reads = arrays["inputs"], arrays["reads0"]
        steps = inputs.shape[:2]
        if "output_bias" in arrays:
            return {"outputs": inputs.new_empty(*steps, len(arrays["output_bias"]))}
        return {
            "hidden": inputs.new_empty(*steps, arrays["heads"].shape[1]),
            "read_out": inputs.new_empty(*steps, reads[0].numel()),
        }

    def _new_records(self, arrays: dict[str, Tensor]) -> dict[str, Tensor]:
        """What a trace has of every step besides the outputs."""
        if not self.trace:
            return {}
        inputs, reads, read_w = arrays["inputs"], arrays["reads0"], arrays["read_w0"]
        steps, heads = inputs.shape[:2], read_w.shape[1] + arrays["write_w0"].shape[1]
        records = {
            "weightings": inputs.new_empty(*steps, heads, read_w.shape[2]),
            "raw": inputs.new_empty(*steps, len(arrays["heads_bias"])),
        }
        if "output_bias" in arrays:
            records["read_out"] = inputs.new_empty(*steps, reads[0].numel())
        return records

    def backward(
        self, tensors: list[Tensor], kept: Tensor, arrived: list[Tensor | None], needed: list[bool]
    ) -> Gradients:
        native = native_module()
        assert native is not None
        arrays = dict(zip(NAMES, tensors, strict=False))
        found = {n: torch.empty_like(t) for n, t in arrays.items() if n != "inputs" or needed[0]}
        like = self._new_steps(arrays) | {n: arrays[s] for n, s in zip(END, STATE, strict=True)}
        for (name, output), grad in zip(like.items(), arrived, strict=True):
            arrays[f"grad_{name}"] = torch.zeros_like(output) if grad is None else grad
        arrays |= {f"grad_{name}": gradient for name, gradient in found.items()} | {"kept": kept}
        native.ntm_scan_backward(capsules(arrays), clip=self.clip, **self._options)
        if self.clip == math.inf and arrays["inputs"].shape[1] >= LONG:
            _remark_on_overflow(found.values(), arrived, arrays["inputs"].shape[1])
        return tuple(found.get(name) for name in NAMES[: len(tensors)])

    def reference(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        result = reference.ntm_scan(
            **Given.of(tensors)._asdict(),
            shifts=self.shifts,
            activation=self.activation,
            clip_gradient=self.clip,
        )
        return as_tensors(result)


operator = make_operator(
    "ntm_scan", _Scan, "int shifts, str activation, bool trace, float clip_gradient"
)


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
    """The native scan; arguments as in the reference. Gives no gradients where there is a trace."""
    tensors, options = (inputs, *weights, *state, *(outputs or ())), (shifts, activation, trace)
    if is_compiled():
        results = operator(tensors, *options, clip_gradient)
    else:
        results = run(_Scan(*options, clip_gradient, thread_count()), tensors)
    return as_result(results, Given(inputs, weights, state, outputs), trace=trace)

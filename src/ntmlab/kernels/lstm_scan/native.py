"""The LSTM scan in C++: the same outputs and gradients as ``reference``, for float32 on the CPU.

Memory, with C rounded up to the vector width (16 floats with AVX-512):
where a gradient may be asked for, the forward pass keeps five numbers a unit and step (four gates
and the cell), 20·B·T·L·C bytes or 1.5 MB a sequence at 3×128 and 200 steps; without gradients
nothing. Besides, forward takes a copy of the weights and up to 1 MB a thread at 3×128; backward a
copy of the weights, and per thread one of their gradients and 2 MB. That does not depend on batch
or time. Up to 128 MB of it, in all, is kept for the next call.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ntmlab.kernels.autograd import Gradients, capsules, run
from ntmlab.kernels.backend import is_compiled, native_module, thread_count
from ntmlab.kernels.lstm_scan import reference
from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights
from ntmlab.kernels.operators import make_operator

NAMES = (
    "inputs",
    "input_weights",
    "bias",
    "recurrent_weights",
    "layer_weights",
    "initial_hidden",
    "initial_cell",
)
OUTPUTS = ("hidden", "final_hidden", "final_cell")


def lstm_scan(inputs: Tensor, weights: LSTMWeights, state: LSTMState) -> tuple[Tensor, LSTMState]:
    """As ``reference.lstm_scan``, for float32 tensors on the CPU whose shapes were checked."""
    tensors = (inputs, *weights, *state)
    results = operator(tensors) if is_compiled() else run(_Scan(thread_count()), tensors)
    return results[0], LSTMState(*results[1:])


@dataclass(frozen=True)
class _Scan:
    threads: int  # what is kept depends on it

    def new_outputs(self, tensors: list[Tensor]) -> tuple[Tensor, ...]:
        inputs, state = tensors[0], tensors[-1]
        hidden = inputs.new_empty(*inputs.shape[:2], *state.shape[1:])
        return hidden, torch.empty_like(state), torch.empty_like(state)

    def forward(
        self, tensors: list[Tensor], *, keep: bool
    ) -> tuple[tuple[Tensor, ...], Tensor | None]:
        native = native_module()
        assert native is not None  # the public function chose this path
        outputs = self.new_outputs(tensors)
        arrays = dict(zip(NAMES + OUTPUTS, (*tensors, *outputs), strict=True))
        kept = native.lstm_scan_forward(capsules(arrays), keep=keep, threads=self.threads)
        return outputs, kept

    def backward(
        self, tensors: list[Tensor], kept: Tensor, arrived: list[Tensor | None], needed: list[bool]
    ) -> Gradients:
        native = native_module()
        assert native is not None
        found = [
            torch.empty_like(tensor) if wanted else None
            for tensor, wanted in zip(tensors, needed, strict=True)
        ]
        arrays = dict(zip(NAMES, tensors, strict=True)) | {"kept": kept}
        del arrays["bias"]
        for name, gradient in zip(OUTPUTS + NAMES, (*arrived, *found), strict=True):
            if gradient is not None:
                # The final state is an output, the initial one an input: no name comes twice.
                arrays[f"grad_{name}"] = gradient
        native.lstm_scan_backward(capsules(arrays), threads=self.threads)
        return tuple(found)

    def reference(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        weights, state = LSTMWeights(*tensors[1:5]), LSTMState(*tensors[5:])
        hidden, final = reference.lstm_scan(tensors[0], weights, state)
        return (hidden, *final)


operator = make_operator("lstm_scan", _Scan, "")

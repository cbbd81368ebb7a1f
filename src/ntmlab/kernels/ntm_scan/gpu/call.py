"""One call of the scan on a GPU, as autograd has it: the two kernels and what surrounds them.

What inputs give the first layer, outputs of all steps, and the gradients of all weights are matrix
products outside of the kernels (products.py).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ntmlab.kernels.autograd import Gradients
from ntmlab.kernels.cuda import arguments
from ntmlab.kernels.ntm_scan.calls import END, STATE, Given, as_tensors
from ntmlab.kernels.ntm_scan.gpu import products
from ntmlab.kernels.ntm_scan.gpu.launch import (
    GPU,
    BackwardArguments,
    Engine,
    ForwardArguments,
)
from ntmlab.kernels.ntm_scan.gpu.plan import Sizes, sizes_of
from ntmlab.kernels.ntm_scan.gpu.tape import new_tape, open_tape
from ntmlab.kernels.ntm_scan.reference import Activation, ScanState
from ntmlab.kernels.ntm_scan.seeds import ntm_scan_seeds


def _counts(z: Sizes) -> dict[str, int]:
    return {"B": z.B, "T": z.T, "N": z.N}


@dataclass(frozen=True)
class Scan:
    """A scan of Z seeds.

    Outputs: those of the steps (Z, B, T, O), or hidden vectors (Z, B, T, C) and reads (Z, B, T,
    R W); the state after the last; of a trace weightings (Z, B, T, H, N), raw head parameters
    (Z, B, T, P) and, beside outputs, reads.
    """

    shifts: int
    activation: Activation
    trace: bool
    clip: float
    # Of each seed's memory, in a tensor (Z,) int32 where the engine is to read them; None: all.
    slots: tuple[int, ...] | Tensor | None = None
    engine: Engine | None = None  # None: the GPU that the tensors are on

    def forward(
        self, tensors: list[Tensor], *, keep: bool
    ) -> tuple[tuple[Tensor, ...], Tensor | None]:
        """Outputs, and what the backward pass wants if ``keep``."""
        given = Given.of(tensors)
        z, engine = self._sizes(given), self._engine(given)
        plan = engine.plan(z, backward=False)
        tape, parts = new_tape(given.inputs, z, plan, keep=keep)
        end = {n: torch.empty_like(s) for n, s in zip(END, given.state, strict=True)}
        records = self._new_records(given, z)
        made = parts | records | {n: end[n] for n in ("memory", "read_w", "write_w")}
        every = made | products.forward_weights(given.weights) | self._start(given, z)
        engine.run("forward", plan, z, arguments(ForwardArguments, every, **_counts(z)))
        end["reads_end"].copy_(parts["read_out"][:, -1].view_as(end["reads_end"]))
        if z.lstm:
            end["hidden_end"].copy_(parts["hidden"][:, -1])
            end["cell_end"].copy_(parts["cells"][:, -1])
        steps = products.steps(given.outputs, parts, z)
        traced = [products.batch_first(record) for record in records.values()]
        if traced and given.outputs is not None:
            traced.append(products.batch_first(parts["read_out"][:, 1:]))
        return (*steps, *end.values(), *traced), tape

    def new_outputs(self, tensors: list[Tensor]) -> tuple[Tensor, ...]:
        """Outputs whose numbers nobody has computed yet."""
        given = Given.of(tensors)
        z, new = self._sizes(given), given.inputs.new_empty
        rows = (z.Z, z.B, z.T)
        reads = new(*rows, z.R * z.W)
        if given.outputs is None:
            steps = [new(*rows, z.C), reads]
        else:
            steps = [new(*rows, given.outputs.bias.shape[1])]
        traced = [new(*rows, z.heads, z.N), new(*rows, z.raw)] if self.trace else []
        if traced and given.outputs is not None:
            traced.append(reads)
        return (*steps, *(torch.empty_like(part) for part in given.state), *traced)

    def backward(
        self, tensors: list[Tensor], kept: Tensor, arrived: list[Tensor | None], needed: list[bool]
    ) -> Gradients:
        """Gradients of those tensors that need one."""
        given = Given.of(tensors)
        z, engine = self._sizes(given), self._engine(given)
        parts = open_tape(kept, z, engine.plan(z, backward=False))
        state = ScanState(*(torch.empty_like(part) for part in given.state))
        back = products.Back(given.inputs, given.weights, given.outputs, parts, z, needed)
        count = 1 if given.outputs is not None else 2
        top, reads = back.to_steps(arrived[:count])
        raw = kept.new_empty(z.Z, z.T, z.B, z.raw)
        pre = kept.new_empty(z.Z, z.T, z.B, z.L, z.gates)
        every: dict[str, Tensor | None] = {
            "grad_hidden": top,
            "grad_read_out": reads,
            "grad_pre": pre,
            "grad_raw": raw,
            "slots": self._slots(given, z),
            **products.backward_weights(given.weights),
            **{f"grad_{n}": g for n, g in zip(END, arrived[count:], strict=False)},
            **{f"grad_{n}": g for n, g in zip(STATE, state, strict=True)},
        }
        structure = arguments(BackwardArguments, parts | every, clip=self.clip, **_counts(z))
        engine.run("backward", engine.plan(z, backward=True), z, structure)
        found = (*back.gradients(pre, raw), *state)
        outputs = back.of_outputs(arrived[0]) if given.outputs is not None else ()
        return tuple(g if n else None for g, n in zip((*found, *outputs), needed, strict=True))

    def reference(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """The same outputs by the readable reference, seed by seed."""
        result = ntm_scan_seeds(
            **Given.of(tensors)._asdict(),
            shifts=self.shifts,
            activation=self.activation,
            clip_gradient=self.clip,
            slots=self.slots,
            backend="reference",
        )
        return as_tensors(result)

    def _engine(self, given: Given) -> Engine:
        return self.engine or GPU(given.inputs.device)

    def _sizes(self, given: Given) -> Sizes:
        relu = self.activation == "relu"
        return sizes_of(given, self.shifts, relu=relu)

    def _start(self, given: Given, z: Sizes) -> dict[str, Tensor | None]:
        """What the kernel begins with."""
        start: dict[str, Tensor | None] = dict(zip(STATE, given.state, strict=True))
        pre = products.project(given.inputs, given.weights)
        return start | {"pre": pre, "slots": self._slots(given, z)}

    def _slots(self, given: Given, z: Sizes) -> Tensor | None:
        if self.slots is None:
            return None
        slots = self.slots
        if not isinstance(slots, Tensor):
            slots = torch.tensor(slots, dtype=torch.int32).to(given.inputs.device)
        return slots.unsqueeze(1).expand(z.Z, z.B).contiguous()

    def _new_records(self, given: Given, z: Sizes) -> dict[str, Tensor]:
        """What a trace has of every step, time before batch."""
        if not self.trace:
            return {}
        new = given.inputs.new_empty
        return {
            "weightings": new(z.Z, z.T, z.B, z.heads, z.N),
            "raw": new(z.Z, z.T, z.B, z.raw),
        }

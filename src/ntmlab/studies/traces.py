"""What a machine's memory did on single sequences, as arrays.

Legend: B sequences, T time, N slots, W slot width, L lags.
"""

from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.figures.machine import MachineUse
from ntmlab.kernels.ntm_scan.memory import write
from ntmlab.models import NTM, NTMTrace
from ntmlab.sequences import Sequences, outputs_of

LAGS: Final = 6  # writes looked at after a read: of the same step, and of the five after it


def machine(model: nn.Module, name: str) -> NTM:
    """The model itself if it has a memory; raises InputError for others."""
    if not isinstance(model, NTM):
        raise InputError(f"model {name} is no NTM and has no memory to draw")
    return model


def machine_use(model: NTM, sequences: Sequences) -> tuple[MachineUse, NTMTrace]:
    """What an NTM did on the first of some sequences."""
    with torch.no_grad():
        trace = model.trace(sequences.inputs[:1])

    def array(part: Tensor) -> np.ndarray:
        return part[0].detach().double().numpy()

    use = MachineUse(
        array(sequences.inputs),
        array(outputs_of(sequences).probabilities(trace.logits)),
        array(trace.adds),
        array(trace.write_weightings),
        array(trace.reads),
        array(trace.read_weightings),
    )
    return use, trace


def content_change(memory: Tensor, trace: NTMTrace) -> Tensor:
    """How far each of the next writes moves what a step has read, (B, T, L).

    Entry [t, lag] is the norm of w_r(t) (M_{t + lag} - M_{t + lag - 1}), M_t being the memory after
    the writes of step t and M_{-1} the initial ``memory`` (B, N, W); 0 beyond the end. The memory
    is written again from the trace.
    """
    read = trace.read_weightings.mean(2)  # (B, T, N)
    change = read.new_zeros(*read.shape[:2], LAGS)
    for step in range(read.shape[1]):
        parts = (trace.write_weightings, trace.erases, trace.adds)
        after = write(memory, *(part[:, step] for part in parts))
        lags = range(min(LAGS, step + 1))
        readers = read[:, [step - lag for lag in lags]]  # (B, lags, N)
        moved = (readers @ (after - memory)).norm(dim=-1)  # (B, lags)
        for lag in lags:
            change[:, step - lag, lag] = moved[:, lag]
        memory = after
    return change

"""Several Neural Turing Machines of one size at once: every tensor has their axis S in front.

Legend: S machines, B sequences of each, T time, N slots; the rest as in ntm.py.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from ntmlab.kernels.ntm_scan import OutputWeights, ScanWeights
from ntmlab.kernels.ntm_scan.seeds import ntm_scan_seeds
from ntmlab.models.ntm import NTM, NTMState
from ntmlab.models.ntm_start import NTMStart

SCANNED = (  # in the order of `ScanWeights`
    "input_weights",
    "input_bias",
    "read_weights",
    "recurrent_weights",
    "layer_weights",
    "layer_bias",
    "head_weights",
    "head_bias",
)
STATE = (
    "initial_memory",
    "initial_reads",
    "initial_read_weightings",
    "initial_write_weightings",
    "initial_hidden",
    "initial_cell",
)


def seeds_logits(
    model: NTM, weights: Mapping[str, Tensor], inputs: Tensor, slots: Tensor | None = None
) -> Tensor:
    """Logits (S, B, T, O) of machines like ``model`` for inputs (S, B, T, I).

    ``weights`` are the parameters of all by their names, (S, …). Machine s has the first
    ``slots[s]`` slots of its memory, a tensor (S,) int32 on the inputs' device whose numbers nobody
    checks.
    """
    S, B = inputs.shape[:2]
    sizes = {name: getattr(model, name).shape for name in (*SCANNED, *STATE)}
    every = {
        name: weights[name] if shape.numel() else inputs.new_empty(S, *shape)
        for name, shape in sizes.items()
        if shape.numel() or name != "initial_memory"
    }
    result = ntm_scan_seeds(
        inputs,
        ScanWeights(*(every[name] for name in SCANNED)),
        _start(model, every, S, B, slots),
        shifts=model.shifts,
        activation=model.activation,
        outputs=OutputWeights(weights["output_weights"], weights["output_bias"]),
        clip_gradient=model.clip_gradient,
        slots=slots,
        backend=model.backend,
    )
    assert result.outputs is not None
    return result.outputs


def _start(
    model: NTM, every: Mapping[str, Tensor], S: int, B: int, slots: Tensor | None
) -> NTMState:
    """The states before the first step, as `NTM.initial_state` has them; 0 behind the slots."""
    memory = every.get("initial_memory")
    if memory is None:
        shape = (S, model.slots, model.slot_width)
        memory = every["read_weights"].new_full(shape, model.start.memory_scale)
    parts = (
        memory,
        every["initial_reads"],
        _weightings(model.start, every["initial_read_weightings"], slots),
        _weightings(model.start, every["initial_write_weightings"], slots),
        every["initial_hidden"],
        every["initial_cell"],
    )
    return NTMState(*(part.unsqueeze(1).expand(S, B, *part.shape[1:]) for part in parts))


def _weightings(start: NTMStart, logits: Tensor, slots: Tensor | None) -> Tensor:
    """Weightings over each machine's slots, from logits (S, H, N)."""
    if slots is None:
        return start.weightings(logits)
    behind = torch.arange(logits.shape[-1], device=logits.device) >= slots[:, None, None]
    return start.weightings(logits.masked_fill(behind, -torch.inf))

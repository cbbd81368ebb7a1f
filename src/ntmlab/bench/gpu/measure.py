"""Timing of a case on a GPU: checked first, every candidate in turn, its peak memory beside."""

import functools

import torch

from ntmlab.bench.gpu.cases import GPU_CASES, GpuCase
from ntmlab.bench.gpu.rates import Rates
from ntmlab.bench.measure import Measurement, confirm, repeated, time_in_turn
from ntmlab.training.memory import free_bytes, used_by


def measure_on_gpu(name: str, rates: Rates, device: torch.device, rounds: int) -> Measurement:
    """Checks a case of `GPU_CASES`, then times it.

    Raises CheckError if its check fails.
    """
    free_bytes()  # what the case before held is given back
    case = GPU_CASES[name](device)
    confirm(name, case.check())
    memory = used_by(case.bare)
    found = _timed(case, rounds)
    free_bytes()  # its graphs too: peers in processes of their own need room
    for peer in case.outside:
        found |= peer()
    floors = rates.floors(case.flops, case.bytes)
    return Measurement(name, found, min(floors.values()), floors, memory)


def _timed(case: GpuCase, rounds: int) -> dict[str, float]:
    """Sequences a second of each candidate."""
    candidates = case.candidates()
    turn = functools.partial(repeated, wait=torch.cuda.synchronize)
    seconds = time_in_turn([action for _, action in candidates.values()], rounds, turn)
    pairs = zip(candidates.items(), seconds, strict=True)
    return {name: count / taken for (name, (count, _)), taken in pairs}

"""How a machine uses its memory on one sequence: when it writes, and which context comes back."""

from collections import Counter

import torch

from ntmlab.models import NTM, NTMTrace
from ntmlab.studies.traces import content_change


def write_lag(model: NTM, trace: NTMTrace) -> int:
    """Steps from a read to the write that changes what it read most, on one sequence."""
    with torch.no_grad():
        change = content_change(model.initial_state(1).memory, trace)
    return int(change.mean((0, 1)).argmax())


def recurring(bits: str, size: int) -> str:
    """The context that comes most often among those of both zeros and ones.

    >>> recurring("0110110110", 3)
    '011'
    """
    every = [bits[i : i + size] for i in range(len(bits) - size)]
    mixed = [context for context in every if len(set(context)) > 1]
    return Counter(mixed or every or [bits]).most_common(1)[0][0]

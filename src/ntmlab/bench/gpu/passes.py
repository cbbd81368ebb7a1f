"""Forward, backward and weight gradients of a model: launched one by one, or as a CUDA graph.

Each call takes the next of several batches, so that none is timed with its own data in the caches.
"""

from collections.abc import Callable
from itertools import cycle

import torch
from torch import nn

from ntmlab.bench.cases import loss, sequences
from ntmlab.sequences import Sequences
from ntmlab.training.graphs import CudaRecord

Pass = Callable[[], None]

BATCHES = 4
WARM_UP = 3  # passes before one is recorded


def batches(batch: int, device: torch.device) -> list[Sequences]:
    """Different batches of dynamic N-grams on a device."""
    drawn = (sequences(batch, seed) for seed in range(BATCHES))
    return [one._replace(truth=None).to(device) for one in drawn]


def launched(model: nn.Module, drawn: list[Sequences]) -> Pass:
    """A pass over the next batch, its operations launched one by one."""
    coming = cycle(drawn)

    def call() -> None:
        model.zero_grad()
        loss(model, next(coming)).backward()

    return call


def recorded(model: nn.Module, drawn: list[Sequences]) -> Pass:
    """A pass over the next batch as a CUDA graph; raises RuntimeError if it cannot be recorded."""
    batch = drawn[0]._replace(inputs=drawn[0].inputs.clone(), targets=drawn[0].targets.clone())
    once = launched(model, [batch])
    for _ in range(WARM_UP):
        once()
    replay, coming = CudaRecord()(once), cycle(drawn)

    def call() -> None:
        following = next(coming)
        batch.inputs.copy_(following.inputs)
        batch.targets.copy_(following.targets)
        replay()

    return call

"""What belongs to the whole process, while a run needs it its own way."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def isolated(device: torch.device) -> Iterator[None]:
    """A block with PyTorch's generators to itself, and float32 as its dtype.

    On a GPU its work has a stream to itself, since the default one cannot be recorded. Generators,
    default dtype and number of threads are afterwards what the caller had.
    """
    threads, dtype = torch.get_num_threads(), torch.get_default_dtype()
    places = [torch.cuda.current_device()] if device.type == "cuda" else []
    with torch.random.fork_rng(places), own_stream(device):
        torch.set_default_dtype(torch.float32)
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            torch.set_num_threads(threads)


@contextmanager
def own_stream(device: torch.device) -> Iterator[None]:
    """A block whose work on a GPU comes after that of before it, and before that of after it."""
    if device.type != "cuda":
        yield
        return
    others, own = torch.cuda.current_stream(), torch.cuda.Stream()
    own.wait_stream(others)
    with torch.cuda.stream(own):
        try:
            yield
        finally:
            others.wait_stream(own)


def seed_generators(seed: int, device: torch.device) -> None:
    """Starts the generators that a run on a device uses; those of other devices are left alone."""
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)


@contextmanager
def drawn_by(seed: int, restart: int) -> Iterator[None]:
    """A block where the CPU draws what a run's later start has, and what it drew is forgotten."""
    drawn = np.random.SeedSequence((seed, restart)).generate_state(1)
    with torch.random.fork_rng([]):
        torch.default_generator.manual_seed(int(drawn[0]))
        yield

"""How much of a GPU's memory a batch needs, and which batch would fit."""

import gc
from collections.abc import Callable
from typing import Final

import torch

GIB: Final = 2**30
SPARE: Final = 0.9  # of what is free: fragments, and what libraries take for themselves
TWICE: Final = 2  # a step recorded as a graph has memory of its own, beside that of plain ones


def free_bytes() -> int:
    """What this process can have on the GPU; what it holds and does not use is given back."""
    gc.collect()
    torch.cuda.empty_cache()
    free, total = torch.cuda.mem_get_info()
    allowed = total * torch.cuda.get_per_process_memory_fraction()
    return min(free, int(allowed) - torch.cuda.memory_reserved())


def used_by(step: Callable[[], object]) -> int:
    """The most bytes that a step and its graph have at once, beside those there before."""
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    step()
    torch.cuda.synchronize()
    return TWICE * (torch.cuda.max_memory_allocated() - before)


def largest_batch(batch: int, free: int, used: Callable[[int], int]) -> int:
    """The largest batch below this one that would fit, by straight line through two trials.

    ``used`` gives the bytes of a step of some batch, or raises torch.OutOfMemoryError. 0 where not
    even one sequence fits.
    """
    small = max(1, batch // 64)
    while True:
        try:
            low, high = used(small), used(2 * small)
        except torch.OutOfMemoryError:
            if small == 1:
                return 0
            small = max(1, small // 8)
            continue
        each = max(1.0, (high - low) / small)
        fits = int((free * SPARE - (low - each * small)) / each)
        return max(0, min(fits, batch - 1))


def too_large(batch: int, used: Callable[[int], int]) -> str:
    """A line about a batch that did not fit."""
    free = free_bytes()
    fits = largest_batch(batch, free, used)
    said = f"batch {batch:,} needs more memory than the {free / GIB:.1f} GiB free on this GPU"
    if not fits:
        return f"{said}, and so would a single sequence"
    return f"{said}; about {rounded(fits):,} would fit: --set batch={rounded(fits)}"


def too_many(runs: int, batch: int, used: Callable[[int], int]) -> str:
    """A line about runs that did not fit together; ``used`` gives the bytes of so many of them."""
    free = free_bytes()
    fits = largest_batch(runs, free, used)
    said = f"{runs} seeds of batch {batch:,} need more memory than the {free / GIB:.1f} GiB free"
    few = f"about {fits} seeds would fit" if fits else "and so would one seed"
    return f"{said} on this GPU; {few}; nothing is lost"


def rounded(batch: int) -> int:
    """A batch of two digits and zeros, not above this one.

    >>> rounded(37_512), rounded(99), rounded(7)
    (37000, 99, 7)
    """
    unit = int("1".ljust(len(str(batch)) - 1, "0"))
    return batch // unit * unit

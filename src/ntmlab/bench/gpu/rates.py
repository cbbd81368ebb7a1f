"""What a GPU can do at most, measured on the spot: bytes through its memory, and arithmetic."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

COPIED = 2**28  # floats, 1 GiB
SIDE = 8192  # of the matrices
TIMES = 7


@dataclass(frozen=True)
class Rates:
    """The two ceilings."""

    bytes: float  # a second, read and written
    flops: float  # a second, float32

    def floors(self, flops: float, moved: float) -> dict[str, float]:
        """Sequences a second that each allows, if one takes so many operations and bytes.

        >>> Rates(bytes=100.0, flops=60.0).floors(flops=2.0, moved=5.0)
        {'arithmetic': 30.0, 'bytes': 20.0}
        """
        return {"arithmetic": self.flops / flops, "bytes": self.bytes / moved}


def exact_products() -> None:
    """Float32 is float32 in what follows: no TF32, neither in products nor in cuDNN."""
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = False


def measured_rates(device: torch.device) -> Rates:
    """Of a large copy, and of a large product of random matrices."""
    return Rates(copied_bytes(device), product_flops(device))


def copied_bytes(device: torch.device) -> float:
    """Bytes a second, read and written, of a large copy."""
    source = torch.rand(COPIED, device=device)
    target = torch.empty_like(source)
    return 2 * 4 * COPIED / median_seconds(lambda: target.copy_(source))


def product_flops(device: torch.device) -> float:
    """Operations a second of a large product."""
    left, right = torch.rand(2, SIDE, SIDE, device=device)
    result = torch.empty_like(left)
    return 2.0 * SIDE**3 / median_seconds(lambda: torch.mm(left, right, out=result))


def median_seconds(action: Callable[[], object], times: int = TIMES) -> float:
    """Median seconds of an action on the GPU, after two to warm up."""
    taken = []
    for _ in range(times + 2):
        torch.cuda.synchronize()
        start = time.perf_counter()
        action()
        torch.cuda.synchronize()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[2:])

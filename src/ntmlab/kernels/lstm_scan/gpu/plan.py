"""How a layer of the LSTM is spread over a GPU: its sizes, and the macros of its source."""

from functools import cache
from typing import NamedTuple

from ntmlab.kernels.cuda import read_source

MOST_UNITS = 128  # four threads each; of more, weights fit neither registers nor shared memory
MOST_GROUPS = 8  # sequences of a block
MOST_HELD, HELD_BESIDE_SUMS = 16, 8  # vectors of weights in a thread's registers
FEW_GROUPS = 4  # beyond, there are many sums beside them


class Plan(NamedTuple):
    """One pass over a layer."""

    units: int
    groups: int  # sequences of a block
    threads: int  # of a block
    held: int  # vectors of weights in registers
    floats: int  # of shared memory a block
    forward: bool

    def macros(self) -> tuple[str, ...]:
        """The compiler's options."""
        values = {
            "UNITS": self.units,
            "GROUPS": self.groups,
            "THREADS": self.threads,
            "HELD": self.held,
            "FORWARD": int(self.forward),
        }
        return tuple(f"-DLSTM_{name}={value}" for name, value in values.items())


def make_plan(
    batch: int, units: int, *, forward: bool, limit: int, processors: int, groups: int | None = None
) -> Plan | None:
    """How a pass over so many sequences runs, or None if its weights do not fit a processor.

    ``limit`` is in bytes of shared memory a block.
    """
    if units > MOST_UNITS:
        return None
    groups = min(MOST_GROUPS, groups or -(-batch // processors))
    threads = -(-4 * units // 32) * 32
    vectors = quarter(units) if forward else -(-units // 4)
    held = min(vectors, MOST_HELD if groups <= FEW_GROUPS else HELD_BESIDE_SUMS)
    row = quarter(units) + 4 if forward else -(-units // 4) * 4 + 4
    floats = 2 * groups * 4 * row + 4 * (vectors - held) * threads
    fits = 4 * floats <= limit
    return Plan(units, groups, threads, held, floats, forward) if fits else None


def quarter(units: int) -> int:
    """Numbers of a hidden vector that a thread goes over: kQuarter of layer.cuh."""
    return -(-units // 16) * 4


@cache
def source() -> str:
    """The source of both passes."""
    return read_source("cuda/math.cuh", "lstm_scan/gpu/layer.cuh")

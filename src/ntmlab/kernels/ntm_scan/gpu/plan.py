"""How a scan is spread over a GPU: its sizes, and from these the macros of its source.

Legend as in reference.py, and Z seeds: sets of weights, each with B sequences.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from ntmlab.kernels.cuda import read_source
from ntmlab.kernels.ntm_scan.calls import Given
from ntmlab.kernels.ntm_scan.heads import HeadLayout

MOST_WARPS = 16  # a sequence
MOST_FLOATS = 80  # of the memory that a thread holds, if so many threads there can be
MOST_HELD = 128  # weights that a thread holds
UNROLLED_FLOATS, UNROLLED_HEADS, UNROLLED_SHIFTS = 256, 8, 16  # beyond, arrays go to local memory


class Sizes(NamedTuple):
    """Sizes of a scan."""

    Z: int
    B: int
    T: int
    N: int
    W: int
    R: int
    V: int
    C: int
    L: int
    S: int
    lstm: bool
    relu: bool

    @property
    def heads(self) -> int:
        """All heads, H."""
        return self.R + self.V

    @property
    def gates(self) -> int:
        """Pre-activations of a layer, G."""
        return 4 * self.C if self.lstm else self.C

    @property
    def raw(self) -> int:
        """Raw head parameters, P."""
        return HeadLayout(self.R, self.V, self.W, self.S).size


def sizes_of(given: Given, shifts: int, *, relu: bool) -> Sizes:
    """The sizes of a scan of Z seeds, or of one whose tensors have no Z in front."""
    *seeds, B, T, _ = given.inputs.shape
    weights, state = given.weights, given.state
    N, W = state.memory.shape[-2:]
    R, V = state.read_weightings.shape[-2], state.write_weightings.shape[-2]
    C, L = weights.heads.shape[-1], weights.layers.shape[-3] + 1
    lstm = weights.recurrent.shape[-3] > 0
    return Sizes(seeds[0] if seeds else 1, B, T, N, W, R, V, C, L, shifts, lstm, relu)


class Plan(NamedTuple):
    """One pass of a scan on a GPU."""

    warps: int  # a sequence
    groups: int  # sequences a block
    slots: int  # a thread
    here: tuple[bool, bool, bool, bool]  # recurrent, reads, heads, layers in shared memory
    held: bool  # weights of heads (and forward of reads) in registers
    stages: int  # steps of what the forward pass kept that are fetched ahead into shared memory
    floats: int  # of shared memory a block

    @property
    def threads(self) -> int:
        """Of a block."""
        return 32 * self.warps * self.groups

    def grid(self, z: Sizes) -> tuple[int, int]:
        """Blocks of a launch."""
        return -(-z.B // self.groups), z.Z

    def macros(self, z: Sizes) -> tuple[str, ...]:
        """The compiler's options."""
        values = {
            "WIDTH": z.W,
            "READS": z.R,
            "WRITES": z.V,
            "UNITS": z.C,
            "LAYERS": z.L,
            "SHIFTS": z.S,
            "LSTM": int(z.lstm),
            "RELU": int(z.relu),
            "WARPS": self.warps,
            "GROUPS": self.groups,
            "SLOTS": self.slots,
            "HELD": int(self.held),
            "STAGES": self.stages,
            "UNROLL": int(is_unrolled(z, self.slots)),
        }
        names = ("RECURRENT_HERE", "READS_HERE", "HEADS_HERE", "LAYERS_HERE")
        values |= {name: int(here) for name, here in zip(names, self.here, strict=True)}
        return tuple(f"-DNTM_{name}={value}" for name, value in values.items())


def is_unrolled(z: Sizes, slots: int) -> bool:
    """Whether a thread's arrays are to stay in registers."""
    few = z.heads <= UNROLLED_HEADS and z.S <= UNROLLED_SHIFTS and z.raw <= 1024
    return few and slots * z.W <= UNROLLED_FLOATS


def whole(n: int) -> int:
    """Floats in whole vectors of four."""
    return -(-n // 4) * 4


def record_vectors(z: Sizes) -> int:
    """Vectors of four floats that the forward pass keeps of a slot: kSlot4 of common.cuh."""
    return whole(z.W) // 4 + 1 + z.heads


def kept_floats(z: Sizes) -> int:
    """Head parameters kept of a step: kKept of common.cuh."""
    return z.raw + 2 * z.heads


def own_floats(z: Sizes, warps: int, slots: int, *, backward: bool, stages: int = 0) -> int:
    """Shared memory of one sequence: kForwardFloats and kBackwardFloats."""
    lanes, WP = 32 * warps, whole(z.W)
    active = (z.heads + 2 * z.V) * WP + whole(z.heads * (3 + z.S))
    rings = whole(z.heads * (slots * lanes + 2 * (z.S // 2)))
    parts = whole(max(z.raw, z.R * z.W, z.heads))
    exchange = 2 * warps * parts if warps > 1 else 0
    if not backward:
        buffers = 2 if z.lstm else 1
        own = buffers * z.L * whole(z.C) + whole(z.R * z.W) + active + whole(z.heads * z.S)
        return own + rings + exchange
    own = active + 2 * whole(z.raw) + z.R * WP + whole(z.R * z.W) + whole(z.gates)
    return own + rings + exchange + stages * 4 * record_vectors(z) * slots * lanes


def weight_floats(z: Sizes, *, backward: bool) -> tuple[int, int, int, int]:
    """Of recurrent, reads, heads and layers of one seed, as vectors of four."""
    sources, targets = (z.gates, z.C) if backward else (z.C, z.gates)
    layer = whole(sources) * targets
    heads = whole(z.raw) * z.C if backward else whole(z.C) * z.raw
    return z.L * layer * z.lstm, whole(z.R * z.W) * z.gates, heads, (z.L - 1) * layer


@cache
def source(name: str) -> str:
    """The source of a pass, "forward" or "backward"."""
    folder = "ntm_scan/gpu"
    return read_source("cuda/math.cuh", f"{folder}/common.cuh", f"{folder}/{name}.cuh")


def least_warps(z: Sizes) -> int:
    """The fewest warps whose threads can hold a sequence's memory in registers."""
    warps = 1
    while warps < MOST_WARPS and -(-z.N // (32 * warps)) * whole(z.W) > MOST_FLOATS:
        warps *= 2
    return warps


def make_plan(
    z: Sizes,
    *,
    backward: bool,
    limit: int,
    processors: int,
    warps: int | None = None,
    groups: int | None = None,
) -> Plan | None:
    """How a pass runs on a GPU with so many processors and bytes of shared memory a block.

    None if a sequence does not fit. The same sizes give the same plan, so numbers repeat. With
    ``warps`` a sequence or ``groups`` a block it takes these, as far as they fit.
    """
    warps = max(least_warps(z), warps or choose_warps(z, processors))
    groups = groups or choose_groups(z, processors, warps)
    while groups >= 1:
        for stages in (2, 1, 0) if backward else (0,):
            plan = _plan(z, warps, groups, stages, limit // 4, backward=backward)
            if plan is not None:
                return plan
        groups //= 2
    return None


def _plan(
    z: Sizes, warps: int, groups: int, stages: int, floats: int, *, backward: bool
) -> Plan | None:
    """The plan of these choices, or None if it does not fit, or something better does."""
    slots = -(-z.N // (32 * warps))
    own = groups * own_floats(z, warps, slots, backward=backward, stages=stages)
    held = can_hold(z, warps, groups)
    wanted = list(weight_floats(z, backward=backward))
    if held:
        wanted[2] = 0
        wanted[1] *= backward
    here, used = place_weights(wanted, floats - own)
    if own > floats or (
        stages and any(w and not h for w, h in zip(wanted[:3], here, strict=False))
    ):
        return None
    return Plan(warps, groups, slots, here, held, stages, own + used)


def can_hold(z: Sizes, warps: int, groups: int) -> bool:
    """Whether each thread can have one unit and one head parameter, with their weights."""
    lanes = 32 * warps
    one_each = not z.lstm and z.L == 1 and lanes >= z.C and lanes >= z.raw
    few = whole(z.C) + whole(z.R * z.W) <= MOST_HELD and whole(z.raw) <= MOST_HELD
    return one_each and few and lanes * groups <= 256


def place_weights(wanted: Sequence[int], room: int) -> tuple[tuple[bool, bool, bool, bool], int]:
    """Which weights fit into so many floats of shared memory, and how many they take."""
    here, used = [], 0
    for floats in wanted:
        fits = 0 < floats <= room - used
        here.append(fits)
        used += floats * fits
    return (here[0], here[1], here[2], here[3]), used


def choose_warps(z: Sizes, processors: int) -> int:
    """Warps a sequence: more where there are few sequences, so that more of the chip works."""
    least = least_warps(z)
    sequences = z.Z * z.B
    wanted = 4 if sequences <= 2 * processors else 2 if sequences <= 4 * processors else 1
    useful = -(-z.N // 32)
    return max(least, min(wanted, 1 << (useful - 1).bit_length()))


def choose_groups(z: Sizes, processors: int, warps: int) -> int:
    """Sequences a block: as many as a processor gets, so that they share the weights."""
    each = -(-z.Z * z.B // processors)
    groups = 1
    while 2 * groups <= min(each, 8) and 2 * groups * warps <= 8 and 2 * groups <= z.B:
        groups *= 2
    return groups

"""What the forward pass keeps of every step: one tensor, and its parts by name.

Rows of steps stand time before batch, (Z, T, B, …), or with a row before the first step, (Z, T + 1,
B, …): "all steps" and "all steps before" are then views of the same rows.
"""

import math

from torch import Tensor

from ntmlab.kernels.ntm_scan.gpu.plan import Plan, Sizes, kept_floats, record_vectors

ALIGNED = 64  # floats; parts begin on borders of so many


def tape_shapes(z: Sizes, plan: Plan, *, keep: bool) -> dict[str, tuple[int, ...]]:
    """The shape of each part; without ``keep``, of those that the forward pass itself wants."""
    rows, more = (z.Z, z.T), (z.Z, z.T + 1)
    shapes = {
        "hidden": (*(more if z.lstm else rows), z.B, z.L, z.C),
        "read_out": (*more, z.B, z.R * z.W),
    }
    if z.lstm:
        shapes["cells"] = (*more, z.B, z.L, z.C)
    if not keep:
        return shapes
    if z.lstm:
        shapes["gates"] = (*rows, z.B, z.L, z.gates)
    record = 4 * record_vectors(z) * plan.slots * 32 * plan.warps
    return shapes | {
        "kept": (*rows, z.B, kept_floats(z)),
        "record": (*rows, z.B, record),
        "last_w": (z.Z, z.B, z.heads, z.N),
    }


def tape_floats(shapes: dict[str, tuple[int, ...]]) -> int:
    """Floats of a tape."""
    return sum(-(-math.prod(shape) // ALIGNED) * ALIGNED for shape in shapes.values())


def new_tape(
    like: Tensor, z: Sizes, plan: Plan, *, keep: bool
) -> tuple[Tensor | None, dict[str, Tensor]]:
    """An empty tape on a tensor's device, if one is to be kept, and its parts."""
    shapes = tape_shapes(z, plan, keep=keep)
    if not keep:
        return None, {name: like.new_empty(shape) for name, shape in shapes.items()}
    tape = like.new_empty(tape_floats(shapes))
    return tape, _parts(tape, shapes)


def open_tape(tape: Tensor, z: Sizes, plan: Plan) -> dict[str, Tensor]:
    """The parts of a tape that was kept."""
    return _parts(tape, tape_shapes(z, plan, keep=True))


def _parts(tape: Tensor, shapes: dict[str, tuple[int, ...]]) -> dict[str, Tensor]:
    parts, start = {}, 0
    for name, shape in shapes.items():
        floats = math.prod(shape)
        parts[name] = tape[start : start + floats].view(shape)
        start += -(-floats // ALIGNED) * ALIGNED
    return parts

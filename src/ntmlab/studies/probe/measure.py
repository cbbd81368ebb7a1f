"""Whether a model's state holds what the exact predictor knows.

The state of a model after it has seen the letters before a step is set beside what the exact filter
knows there: counts, a posterior, a belief. R² of linear fits, on sequences that were not fitted.

Legend: B sequences, T time, F features, D numbers of what is known.
"""

import warnings
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from ntmlab.errors import InputError, Remark
from ntmlab.evaluation.bits import Array
from ntmlab.foreign import guarded
from ntmlab.models.predictor import evaluating
from ntmlab.models.state_size import named_tensors
from ntmlab.sequences import Task
from ntmlab.studies.fits import explained
from ntmlab.tasks import Source
from ntmlab.tasks.optimum import known_optimum

MOST_FEATURES: Final = 4096  # of a part of the state; a fit's work grows with their square
MOST_NUMBERS: Final = 2**25  # of a part, all steps that are fitted together
# Penalties: numbers that hardly move in the sequences that are fitted need the larger ones.
RIDGES: Final = (1e-9, 1e-4, 1e-2, 1.0)
STILL: Final = 1e-12  # a number of smaller variance is not there to be read


class Probe(NamedTuple):
    """What can be read from a part of the state."""

    features: int  # F
    known: dict[str, tuple[int, float, float]]  # numbers read, R² of all together, error


def probe(
    task: Task,
    module: nn.Module,
    sequences: int = 100,
    seed: int = 4,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Probe]:
    """R² of what the exact predictor knows from each part of a model's state.

    ``optimal`` is what it predicts; the rest is as ``task.state`` says. Raises InputError for a
    task without an exact filter, a model without a state, or fewer than 4 sequences; a remark says
    which parts of the state are too large or not finite, or are read at some steps alone.
    """
    if not isinstance(task, Source):
        raise InputError(f"task {task.name} has no exact filter whose knowledge could be read")
    if sequences < 4:
        raise InputError(f"--sequences must be at least 4, not {sequences}")
    drawn = task.sample(sequences, seed)
    targets = {"optimal": known_optimum(task)(drawn.inputs).numpy(), **task.state(drawn)}
    for name, values in targets.items():
        if not np.isfinite(values).all():
            raise InputError(f"what the exact predictor knows as {name} is not finite everywhere")
    found: dict[str, Probe] = {}
    large: list[str] = []
    broken: list[str] = []  # parts that are not numbers everywhere, as a logarithm of 0
    fewer: dict[str, int] = {}  # of a part, of how many steps one is read
    for name, part in features(module, drawn.inputs, progress).items():
        if part.shape[-1] > MOST_FEATURES:
            large.append(f"{name} of {part.shape[-1]:,}")
        elif not np.isfinite(part).all():
            broken.append(name)
        elif part.shape[-1]:
            every = max(1, -(-part.size // MOST_NUMBERS))
            if every > 1:
                fewer[name] = every
            own = {key: values[:, ::every] for key, values in targets.items()}
            found[name] = _read(part[:, ::every].astype(np.float64), own)
    if not found:
        some = "" if not broken else f", all finite ({', '.join(broken)} not)"
        raise InputError(f"no part of the state has {MOST_FEATURES:,} numbers or fewer{some}")
    if broken:
        about = f"parts that are not finite everywhere are not read: {', '.join(broken)}"
        warnings.warn(f"of the state, {about}", Remark, stacklevel=2)
    if large:
        about = f"more than {MOST_FEATURES:,} numbers are not read: {', '.join(large)}"
        warnings.warn(f"of the state, parts of {about}", Remark, stacklevel=2)
    if fewer:
        about = ", ".join(f"{name} at one step in {every}" for name, every in fewer.items())
        remark = f"what is large over all steps is read at some: {about}"
        warnings.warn(remark, Remark, stacklevel=2)
    return found


@torch.no_grad()
def features(
    module: nn.Module, inputs: Tensor, progress: Callable[[int], None] = lambda done: None
) -> dict[str, Array]:
    """The state of a model after every step, by part, each (B, T, F) float32.

    The model is fed step by step: ``outputs, state = model(inputs, state)``. Parts are named as
    `named_tensors` does. What the sequences share, as a count of steps, is no part, nor is what
    grows from step to step. Raises InputError for a model that hands no state on with other parts.
    """
    state, steps = None, inputs.shape[1]
    with evaluating(module):
        axes = _batch_axes(module, inputs[:, :1])
        found: dict[str, list[Array]] = {name: [] for name in axes}
        for t in range(steps):
            state = _after(module, inputs[:, t : t + 1], state)
            for name, part in named_tensors(state):
                if name in axes:
                    found[name].append(_flat(part, axes[name]))
            progress(t + 1)
    shapes = {name: [part.shape for part in own] for name, own in found.items()}
    alike = [name for name, own in shapes.items() if len(own) == steps and len(set(own)) == 1]
    if not alike:
        raise InputError("no part of the state is of each sequence and of one size at every step")
    return {name: np.stack(found[name], axis=1) for name in alike}


def _after(module: nn.Module, inputs: Tensor, state: Any = None) -> Any:
    """The state after inputs (B, T, I)."""
    given = (inputs,) if state is None else (inputs, state)
    returned = guarded("the model's step", module, *given)
    if not isinstance(returned, tuple) or len(returned) < 2 or returned[-1] is None:
        raise InputError("the model hands no state on that could be read")
    return returned[-1]


def _batch_axes(module: nn.Module, inputs: Tensor) -> dict[str, int]:
    """The axis of the sequences in every part of a state that has one.

    That is the axis that is one longer with one more sequence: a size alone may be another's too.
    """
    one, more = (
        {name: part.shape for name, part in named_tensors(_after(module, given))}
        for given in (inputs, torch.cat([inputs, inputs[:1]]))
    )
    changed = {name: shape for name, shape in one.items() if more.get(name) != shape}
    return {name: _batch_axis(s, more.get(name), len(inputs)) for name, s in changed.items()}


def _batch_axis(one: torch.Size, more: torch.Size | None, rows: int) -> int:
    """Where a shape with so many rows differs from that with one more."""
    for axis, size in enumerate(one):
        if size == rows and more == (*one[:axis], rows + 1, *one[axis + 1 :]):
            return axis
    raise InputError(f"a part of the state, {tuple(one)}, has no axis for the sequences")


def _flat(part: Tensor, axis: int) -> Array:
    """A part of the state, (B, F), a copy: the model may write into it at the next step."""
    return part.movedim(axis, 0).unsqueeze(-1).flatten(1).float().cpu().numpy().copy()


def _read(part: Array, targets: dict[str, Array]) -> Probe:
    """R² of every target from a part of the state, whose numbers are brought to one size."""
    spread = part.std((0, 1))
    part = (part - part.mean((0, 1))) / np.where(spread > 0, spread, 1.0)
    moving, owners = {}, []
    for name, values in targets.items():
        columns = values.reshape(*values.shape[:2], -1)
        for i in np.flatnonzero(columns.var((0, 1)) > STILL):
            moving[f"{name} {i}"] = columns[..., i]
            owners.append(name)
    if not moving:
        raise InputError("what the exact predictor knows never changes here: nothing is to be read")
    fits = explained(part, moving, np.ones(part.shape[:2], dtype=bool), RIDGES)
    spreads = np.array([values.var() for values in moving.values()])
    r2 = np.array([fit.mean for fit in fits.values()])
    error = np.array([fit.se for fit in fits.values()])
    known = {}
    for name in dict.fromkeys(owners):
        own = np.array([owner == name for owner in owners])
        share = spreads[own] / spreads[own].sum()
        # Numbers of one target err together: their errors are added, not their squares.
        known[name] = (int(own.sum()), float(share @ r2[own]), float(share @ error[own]))
    return Probe(part.shape[-1], known)

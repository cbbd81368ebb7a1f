"""Whether a model's state holds what the exact predictor knows.

The state of a model after it has seen the letters before a step is set beside what the exact filter
knows there: counts, a posterior, a belief. R² of linear fits, on sequences that were not fitted.

Legend: B sequences, T time, F features, D numbers of what is known.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.foreign import guarded
from ntmlab.models.predictor import evaluating
from ntmlab.sequences import Task
from ntmlab.studies.fits import explained
from ntmlab.tasks import Source

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
    task without an exact filter, a model without a state, or fewer than 4 sequences.
    """
    if not isinstance(task, Source):
        raise InputError(f"task {task.name} has no exact filter whose knowledge could be read")
    if sequences < 4:
        raise InputError(f"--sequences must be at least 4, not {sequences}")
    drawn = task.sample(sequences, seed)
    targets = {"optimal": task.optimal()(drawn.inputs).numpy(), **task.state(drawn)}
    found = {}
    for name, part in features(module, drawn.inputs, progress).items():
        if 0 < part.shape[-1] <= MOST_FEATURES:
            every = max(1, -(-part.size // MOST_NUMBERS))
            own = {key: values[:, ::every] for key, values in targets.items()}
            found[name] = _read(part[:, ::every].astype(np.float64), own)
    if not found:
        raise InputError(f"no part of the state has {MOST_FEATURES:,} numbers or fewer")
    return found


@torch.no_grad()
def features(
    module: nn.Module, inputs: Tensor, progress: Callable[[int], None] = lambda done: None
) -> dict[str, Array]:
    """The state of a model after every step, by part, each (B, T, F) float32.

    The model is fed step by step: ``outputs, state = model(inputs, state)``. Parts are the fields
    of a named tuple, or numbered. Raises InputError for a model that hands no state on.
    """
    steps, state = [], None
    with evaluating(module):
        for t in range(inputs.shape[1]):
            given = (inputs[:, t : t + 1],) if state is None else (inputs[:, t : t + 1], state)
            returned = guarded("the model's step", module, *given)
            if not isinstance(returned, tuple) or len(returned) < 2 or returned[-1] is None:
                raise InputError("the model hands no state on that could be read")
            state = returned[-1]
            steps.append({n: _flat(p, len(inputs)) for n, p in _parts(state, "state").items()})
            progress(t + 1)
    return {name: np.stack([step[name] for step in steps], axis=1) for name in steps[0]}


def _parts(state: Any, name: str) -> dict[str, Tensor]:
    """The tensors of a state, by the names on the way to them."""
    if isinstance(state, Tensor):
        return {name: state}
    if not isinstance(state, tuple | list):
        return {}
    names = getattr(state, "_fields", range(len(state)))
    found: dict[str, Tensor] = {}
    for own, part in zip(names, state, strict=True):
        found |= _parts(part, str(own) if name == "state" else f"{name} {own}")
    return found


def _flat(part: Tensor, rows: int) -> Array:
    """A part of the state, (B, F): the first axis of the batch's size is the batch's."""
    places = [axis for axis, size in enumerate(part.shape) if size == rows]
    if not places:
        raise InputError(f"a part of the state, {tuple(part.shape)}, has no axis for the sequences")
    return part.movedim(places[0], 0).reshape(rows, -1).float().cpu().numpy()


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

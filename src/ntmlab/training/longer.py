"""A finished run that is trained for longer: a new run, which begins where the other ended."""

import dataclasses
import hashlib
import warnings
from collections.abc import Iterator
from pathlib import Path

from ntmlab.errors import InputError, Remark
from ntmlab.recipes import Recipe
from ntmlab.records import Record
from ntmlab.runs.folder import (
    Parent,
    RunFolder,
    begun,
    going_on,
    parent_of,
    read_config,
    read_metrics,
    record_environment,
)
from ntmlab.runs.status import finished
from ntmlab.training.loop import Trainer


def longer(path: Path, sequences: int) -> tuple[Recipe, int, Parent]:
    """Recipe and seed of a run that goes on from a finished one to so many sequences, its parent.

    Raises InputError where the other is not finished, or has as many; a remark says where the run
    is not the one that would have been asked for so many from the start.
    """
    run, recipe, seed = read_config(path)
    if not finished(path):
        raise InputError(f"{path} is not finished; first: {going_on(path)}")
    if sequences <= recipe.sequences:
        raise InputError(
            f"{path} has {recipe.sequences} sequences already; --sequences must be more"
        )
    reasons = "; ".join(differences(recipe, read_metrics(path)))
    if reasons:
        about = f"not the run that would have been asked for {sequences} sequences from the start"
        warnings.warn(f"this is {about}: {reasons}", Remark, stacklevel=2)
    parent = Parent(path.resolve(), recipe.sequences, _digest(run))
    return dataclasses.replace(recipe, sequences=sequences, weights=""), seed, parent


def differences(recipe: Recipe, rows: list[Record]) -> Iterator[str]:
    """Why a finished run, with these rows of metrics, is not the beginning of a longer one."""
    if recipe.decay:
        yield f"its rate fell to 0 over the last {recipe.decay:.0%} of training"
    for name in ("batch", "validate_every"):
        if recipe.sequences % getattr(recipe, name):
            yield f"its {recipe.sequences} sequences are no multiple of {name}"
    further = dataclasses.replace(recipe, sequences=recipe.sequences + 1)
    before, last = rows[-2]["sequences"] if len(rows) > 1 else 0, rows[-1]
    if further.restart_due(before, last["sequences"], last["train_bits"]):
        yield f"it would have started again, above {recipe.restart_above:g} bits, where it ended"


def begin(trainer: Trainer, parent: Parent | None) -> None:
    """Begins a run where its parent ended; at 0, where there is none.

    Raises InputError where the parent is gone, or another than it was.
    """
    if parent is None:
        return
    run, recipe, _ = read_config(parent.path)
    if _digest(run) != parent.digest:
        raise InputError(
            f"{run.checkpoint} is not what it was: {trainer.keeper.run.path} begins from it"
        )
    trainer.begin_from(run, recipe)


def take_up(trainer: Trainer, device: str) -> None:
    """Goes on from a run's last checkpoint; one that has none begins as `begin` has it."""
    run = trainer.keeper.run
    if begun(run):
        trainer.resume()
    else:
        record_environment(run, device)
        begin(trainer, parent_of(run))


def _digest(run: RunFolder) -> str:
    """The SHA-256 of a run's checkpoint."""
    try:
        return hashlib.sha256(run.checkpoint.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"cannot read {run.checkpoint}: {error.strerror}") from None

"""Training: a recipe and a seed make a run folder."""

from pathlib import Path

import torch

from ntmlab.files import make_folders
from ntmlab.foreign import remark_on_code
from ntmlab.given import check_whole
from ntmlab.recipes import RECIPES, Recipe, find_recipe
from ntmlab.recipes.seeds import LARGEST_SEED
from ntmlab.runs.folder import (
    Parent,
    RunFolder,
    check_free,
    create,
    locked,
    read_config,
    read_metrics,
    trained_on,
)
from ntmlab.runs.status import finished, rows_so_far
from ntmlab.runs.weights import code_of
from ntmlab.training.checkpoint import check_settings
from ntmlab.training.device import find_device
from ntmlab.training.isolation import isolated
from ntmlab.training.keeper import TrainingError
from ntmlab.training.longer import begin, longer, take_up
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.progress import watched

__all__ = [
    "RECIPES",
    "Recipe",
    "TrainingError",
    "complete",
    "find_recipe",
    "read_metrics",
    "resume",
    "train",
    "train_longer",
]


def train(
    recipe: Recipe,
    seed: int,
    path: Path | str,
    device: str | torch.device = "cpu",
    *,
    attempt: int = 0,
    also: Observer | None = None,
    parent: Parent | None = None,
) -> bool:
    """Trains in a new run folder; returns whether the end was reached.

    ``also`` hears of each step and row too, and can stop it; ``attempt`` goes into checkpoints; the
    run begins where a ``parent`` ended, see `longer`.
    PyTorch's generators, default dtype and threads are afterwards as they were. Raises InputError
    if the folder is taken, for what is no seed or as `find_device` says, and makes none then;
    TrainingError as `Trainer.train` says.
    """
    check_whole("the seed", seed, 0, LARGEST_SEED)
    path, device = Path(path), str(device)
    place, run = find_device(device, recipe.model), RunFolder(path)
    check_free(run)
    with isolated(place):
        trainer = Trainer(run, recipe, seed, Observer(), place, attempt)
        make_folders(run.path)
        with locked(run):
            create(path, recipe, seed, device, parent)
            begin(trainer, parent)
            return _watched(trainer, also or Observer())


def resume(path: Path | str, *, attempt: int = 0, also: Observer | None = None) -> bool:
    """Goes on from a run folder's last checkpoint, on the device that it was trained on.

    A run that was ended before its first checkpoint begins at 0, or where its parent ended. Returns
    whether the end was reached; raises as `train` does.
    """
    path = Path(path)
    with locked(read_config(path)[0]):
        run, recipe, seed = read_config(path)  # as it is now that nobody else writes there
        recipe.check_trusted(str(run.config))
        device = trained_on(run)
        place = find_device(device, recipe.model)
        with isolated(place):
            trainer = Trainer(run, recipe, seed, Observer(), place, attempt)
            take_up(trainer, device)
            return _watched(trainer, also or Observer())


def complete(
    recipe: Recipe,
    seed: int,
    path: Path | str,
    device: str | torch.device = "cpu",
    *,
    attempt: int = 0,
    also: Observer | None = None,
) -> bool:
    """Brings a run to its end wherever it stands: begins it, goes on, or leaves it as it is.

    Returns whether the end was reached; raises as `train` and `resume` do, and InputError where
    the folder holds a run of other settings. A remark says where code of a user's own has changed
    since a run was trained.
    """
    path = Path(path)
    if not RunFolder(path).config.exists():
        return train(recipe, seed, path, device, attempt=attempt, also=also)
    check_settings(path, recipe, seed)
    if not finished(path):
        return resume(path, attempt=attempt, also=also)
    remark_on_code(code_of(RunFolder(path).model), str(path))
    return True


def train_longer(
    parent: Path | str, sequences: int, path: Path | str, *, also: Observer | None = None
) -> bool:
    """Trains a finished run to more sequences, as a new run that begins where it ended.

    Returns whether the end was reached. Raises as `train` does, and InputError where the other is
    not finished, damaged, or as long; a remark says where the result is not that of a run which was
    asked for so many sequences from the start.
    """
    recipe, seed, begun_from = longer(Path(parent), sequences)
    device = trained_on(RunFolder(Path(parent)))
    return train(recipe, seed, path, device, also=also, parent=begun_from)


def _watched(trainer: Trainer, also: Observer) -> bool:
    """Trains with a display, until the end or a signal."""
    total, done = trainer.recipe.sequences, trainer.progress.sequences
    rows = rows_so_far(trainer.keeper.run.path)
    with watched(total, done, also, rows) as trainer.observer:
        return trainer.train()

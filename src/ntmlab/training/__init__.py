"""Training: a recipe and a seed make a run folder."""

from pathlib import Path

from ntmlab.recipes import RECIPES, Recipe, find_recipe
from ntmlab.runs.folder import create, locked, read_config, read_metrics, trained_on
from ntmlab.training.device import find_device
from ntmlab.training.loop import Observer, Trainer, TrainingError
from ntmlab.training.progress import Display, stop_signals

__all__ = ["RECIPES", "Recipe", "TrainingError", "find_recipe", "read_metrics", "resume", "train"]


def train(recipe: Recipe, seed: int, path: Path, device: str = "cpu") -> bool:
    """Trains in a new run folder; returns whether the end was reached.

    Raises InputError if the folder is taken or as `find_device` says, TrainingError as
    `Trainer.train` says.
    """
    place = find_device(device, recipe.model)
    run = create(path, recipe, seed, device)
    with locked(run):
        return _watched(Trainer(run, recipe, seed, Observer(), place))


def resume(path: Path) -> bool:
    """Goes on from a run folder's last checkpoint, on the device that it was trained on.

    Returns whether the end was reached; raises as `train` does.
    """
    run, recipe, seed = read_config(path)
    place = find_device(trained_on(run), recipe.model)
    with locked(run):
        trainer = Trainer(run, recipe, seed, Observer(), place)
        trainer.resume()
        return _watched(trainer)


def _watched(trainer: Trainer) -> bool:
    """Trains with a display, until the end or a signal."""
    done, total = trainer.progress.sequences, trainer.recipe.sequences
    with stop_signals() as stop, Display(total, done) as display:
        trainer.observer = Observer(display.step, display.row, stop)
        return trainer.train()

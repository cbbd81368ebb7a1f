"""Training: a recipe and a seed make a run folder."""

from pathlib import Path

from ntmlab.training.loop import Observer, Trainer, TrainingError
from ntmlab.training.progress import Display, stop_signals
from ntmlab.training.recipe import Recipe
from ntmlab.training.recipes import RECIPES, find_recipe
from ntmlab.training.run import create, locked, read_config, read_metrics

__all__ = ["RECIPES", "Recipe", "TrainingError", "find_recipe", "read_metrics", "resume", "train"]


def train(recipe: Recipe, seed: int, path: Path) -> bool:
    """Trains in a new run folder; returns whether the end was reached.

    Raises InputError if the folder is taken, TrainingError as `Trainer.train` says.
    """
    run = create(path, recipe, seed)
    with locked(run):
        return _watched(Trainer(run, recipe, seed, Observer()))


def resume(path: Path) -> bool:
    """Goes on from a run folder's last checkpoint; returns whether the end was reached."""
    run, recipe, seed = read_config(path)
    with locked(run):
        trainer = Trainer(run, recipe, seed, Observer())
        trainer.resume()
        return _watched(trainer)


def _watched(trainer: Trainer) -> bool:
    """Trains with a display, until the end or a signal."""
    done, total = trainer.progress.sequences, trainer.recipe.sequences
    with stop_signals() as stop, Display(total, done) as display:
        trainer.observer = Observer(display.step, display.row, stop)
        return trainer.train()

"""``ntmlab train``: train a recipe, or a model on a task; or go on with a run."""

import argparse
import sys
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.names import PAPER_TASK
from ntmlab.recipes import Recipe, find_recipe, named_anew, own_recipe
from ntmlab.training import TrainingError, resume, train


def run(arguments: argparse.Namespace) -> int:
    """Trains; prints the run folder when the end was reached, else how to go on."""
    try:
        path, finished = _resume(arguments) if arguments.resume else _train(arguments)
    except TrainingError as error:
        print(f"ntmlab train: {error}", file=sys.stderr)
        return 1
    if not finished:
        print(f"saved; go on with: ntmlab train --resume {path}", file=sys.stderr)
        return 1
    print(path)
    return 0


def _train(arguments: argparse.Namespace) -> tuple[Path, bool]:
    recipe = _recipe(arguments).override(arguments.set)
    inside = any(setting.startswith(("task.", "model.")) for setting in arguments.set)
    if arguments.model is not None and inside:
        recipe = named_anew(recipe)
    if arguments.sequences is not None:
        recipe = recipe.override([f"sequences={arguments.sequences}"])
    if arguments.snapshots is not None:
        recipe = recipe.override([f"snapshots={arguments.snapshots}"])
    seed = 0 if arguments.seed is None else arguments.seed
    if not 0 <= seed < 2**63:
        raise InputError(f"--seed must be between 0 and 2^63 - 1, not {seed}")
    path = Path(arguments.out or f"runs/{recipe.name}-seed{seed}")
    return path, train(recipe, seed, path, arguments.device or "cpu")


def _recipe(arguments: argparse.Namespace) -> Recipe:
    """The recipe named, or that of a task and a model."""
    own = arguments.model is not None
    if (arguments.recipe is None) == (not own) or (arguments.task is not None and not own):
        raise InputError(
            "give a RECIPE (see ntmlab list recipes), or --model MODEL with --task SPEC, or "
            "--resume RUN"
        )
    if not own:
        return find_recipe(arguments.recipe)
    return own_recipe(arguments.task or PAPER_TASK, arguments.model)


def _resume(arguments: argparse.Namespace) -> tuple[Path, bool]:
    names = ("recipe", "task", "model", "seed", "out", "sequences", "snapshots", "device")
    given = [getattr(arguments, name) for name in names]
    if arguments.set or any(value is not None for value in given):
        raise InputError(
            "--resume takes recipe, seed and device from the run; give nothing else with it"
        )
    path = Path(arguments.resume)
    return path, resume(path)

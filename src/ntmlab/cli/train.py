"""``ntmlab train``: train a recipe, or go on with a run."""

import argparse
import sys
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.training import TrainingError, find_recipe, resume, train


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
    if arguments.recipe is None:
        raise InputError("give a RECIPE (see ntmlab list recipes) or --resume RUN")
    recipe = find_recipe(arguments.recipe).override(arguments.set)
    if arguments.sequences is not None:
        recipe = recipe.override([f"sequences={arguments.sequences}"])
    if arguments.snapshots is not None:
        recipe = recipe.override([f"snapshots={arguments.snapshots}"])
    seed = 0 if arguments.seed is None else arguments.seed
    if not 0 <= seed < 2**63:
        raise InputError(f"--seed must be between 0 and 2^63 - 1, not {seed}")
    path = Path(arguments.out or f"runs/{recipe.name}-seed{seed}")
    return path, train(recipe, seed, path, arguments.device or "cpu")


def _resume(arguments: argparse.Namespace) -> tuple[Path, bool]:
    names = ("recipe", "seed", "out", "sequences", "snapshots", "device")
    given = [getattr(arguments, name) for name in names]
    if arguments.set or any(value is not None for value in given):
        raise InputError(
            "--resume takes recipe, seed and device from the run; give nothing else with it"
        )
    path = Path(arguments.resume)
    return path, resume(path)

"""``ntmlab memory``: how a machine uses its memory on one sequence."""

import argparse
from pathlib import Path

from ntmlab.cli.inputs import parse_window
from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.figures.width import printed_at
from ntmlab.studies import memory, sorting
from ntmlab.studies.drawing import Drawing
from ntmlab.studies.sizes import SHOWN_SIZES, default_seed
from ntmlab.studies.traces import machine
from ntmlab.weights.trained import Trained, load_trained


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture and prints where and what it shows."""
    check_path(Path(arguments.out))
    with printed_at(arguments.width):
        drawn = _drawing(arguments, load_trained(arguments.model))
    drawn.save(arguments.out)
    print(f"{arguments.out}: {drawn.words}")
    return 0


def _drawing(arguments: argparse.Namespace, trained: Trained) -> Drawing:
    task = trained.make_task(SHOWN_SIZES.get(trained.task, {}) | _given(arguments))
    seed = default_seed(task) if arguments.seed is None else arguments.seed
    if arguments.window is not None and task.letters != 2:
        raise InputError(
            f"--window is for sequences of bits; model {trained.name} is for {trained.task}"
        )
    model = machine(trained.model, trained.name)
    if arguments.fit:
        return sorting.fit_drawing(sorting.sort_writes(model, task, seed))
    window = parse_window(arguments.window, task.steps)
    return memory.drawing(trained.name, model, task, seed, window)


def _given(arguments: argparse.Namespace) -> dict[str, int]:
    """The sizes given on the command line."""
    every = {name: getattr(arguments, name) for name in ("length", "repeats", "items")}
    return {name: value for name, value in every.items() if value is not None}

"""``ntmlab beyond``: models on longer sequences and other parameters of the task."""

import argparse
from itertools import pairwise
from pathlib import Path

from ntmlab.cli.inputs import find_predictors, is_trained, specified
from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.figures.width import printed_at
from ntmlab.names import PAPER_TASK
from ntmlab.records import finite, to_line
from ntmlab.sequences import Task
from ntmlab.studies import beyond
from ntmlab.tasks import split_task
from ntmlab.weights.trained import load_trained


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints the tables."""
    check_path(Path(arguments.out))
    training, spec = training_task(arguments)
    predictors = find_predictors(
        arguments.models, training, unchecked=arguments.unchecked, writes=arguments.writes
    )
    count, seed, length = arguments.sequences, arguments.seed, arguments.length
    with progress_bar("settings", len(beyond.short_settings(training)) + 1) as progress:
        found = beyond.beyond(training, predictors, count, seed, length, progress)
    record = finite({"specification": spec, **beyond.to_json(training, found)})
    with printed_at(arguments.width):
        beyond.drawing(record).save(arguments.out)
    if arguments.json:
        print(to_line(record))
    else:
        print(f"{beyond.to_text(found)}\n\n{arguments.out}")
    return 0


def training_task(arguments: argparse.Namespace) -> tuple[Task, str]:
    """The task named, and the specification that makes it again.

    Without a name it is what the trained models were trained on, N-grams without any.

    Raises InputError where they were trained on different tasks or sizes.
    """
    if arguments.task is not None:
        return specified(*split_task(arguments.task))
    trained = [load_trained(name) for name in arguments.models if is_trained(name)]
    tasks = {one.name: specified(one.task, one.task_options) for one in trained}
    for (first, (_, spec)), (other, (_, another)) in pairwise(tasks.items()):
        if spec != another:
            raise InputError(f"{first} and {other} are trained on different sizes of the task")
    return next(iter(tasks.values()), specified(PAPER_TASK, {}))

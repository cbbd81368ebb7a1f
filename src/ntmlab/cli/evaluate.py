"""``ntmlab evaluate``: cost and gap to the optimum on sequences of a seed, or cost of a file."""

import argparse

from ntmlab.cli.heap import give_back_large
from ntmlab.cli.inputs import SIZES, default_models, find_predictors, head_of, specified_task
from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.score import score_table
from ntmlab.records import finite, to_line
from ntmlab.sequences import Task
from ntmlab.streams.evaluate import NO_OPTIMUM, default_bounds, evaluate_file
from ntmlab.streams.formats import find_layout
from ntmlab.streams.opening import opened
from ntmlab.tasks.draws import EVALUATION_SEED

SEQUENCES = 1000  # of a task, where no number is given


def run(arguments: argparse.Namespace) -> int:
    """Prints a table or a JSON object."""
    give_back_large()
    if (arguments.task is None) == (arguments.file is None):
        raise InputError("give either a task, or --file FILE")
    return _file(arguments) if arguments.file else _task(arguments)


def _task(arguments: argparse.Namespace) -> int:
    if arguments.format or arguments.alphabet or arguments.joined:
        raise InputError("--format, --alphabet and --joined are for --file FILE")
    models = arguments.models or default_models(arguments.task)
    task, named = specified_task(arguments, models)
    predictors = find_predictors(
        models, task, unchecked=arguments.unchecked, writes=arguments.writes
    )
    sequences = SEQUENCES if arguments.sequences is None else arguments.sequences
    seed = arguments.seed or 0
    with progress_bar(task.name, sequences) as progress:
        scores = evaluate(task, predictors, sequences, seed, progress)
    if arguments.json:
        models = {name: score.values() for name, score in scores.items()}
        head = head_of(task, named, sequences, seed)
        print(to_line(finite({**head, "options": task.options(), "models": models})))
    else:
        seen = ", on which training validates" if seed == EVALUATION_SEED else ""
        print(f"{named}{_sizes(task)}, {sequences} sequences of seed {seed}{seen}, in bits")
        print(score_table(scores))
    return 0


def _file(arguments: argparse.Namespace) -> int:
    """The cost of a file: no optimum is known, so that each row is a bound."""
    if arguments.writes is not None:
        raise InputError("--writes is for a task; with --file models go on as they are")
    for name in ("sequences", "seed", *SIZES):
        if getattr(arguments, name) is not None:
            raise InputError(f"--{name} is for a task; of --file all is taken, as it stands")
    layout = find_layout(
        arguments.file, arguments.format, arguments.alphabet, joined=arguments.joined
    )
    models = arguments.models or default_bounds(layout.letters)
    with opened(arguments.file) as stream, progress_bar(stream.name, stream.size) as progress:
        costs = evaluate_file(stream, layout, models, progress, unchecked=arguments.unchecked)
    if arguments.json:
        print(to_line({"file": stream.name, **costs.record()}))
    else:
        print(f"{stream.name}, {costs.described()}; {NO_OPTIMUM}")
        print(costs.table())
    return 0


def _sizes(task: Task) -> str:
    """The ranges drawn from, such as " (length 1 to 20)"; nothing for a task without."""
    options, parts = task.options(), []
    for size, names in task.sizes.items():
        if len(names) == 2:
            least, most = (options[name] for name in names)
            parts.append(f"{size} {least}" + (f" to {most}" if most > least else ""))
    return f" ({', '.join(parts)})" if parts else ""

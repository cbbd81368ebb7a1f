"""``ntmlab probe``: whether a model's state holds what the exact predictor knows."""

import argparse

from ntmlab.cli.inputs import find_predictors, head_of, letters_of, specified_task, with_options
from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.records import finite, to_line
from ntmlab.studies import probe


def run(arguments: argparse.Namespace) -> int:
    """Fits, and prints a line for each part of the state and each thing that is known."""
    task, spec = specified_task(arguments, [arguments.model])
    letters_of(task)
    predictor = find_predictors([arguments.model], task)[arguments.model]
    module = getattr(predictor, "module", None)
    if module is None:
        raise InputError(f"{arguments.model} is no model whose state could be read")
    with progress_bar("steps", task.steps) as progress:
        found = probe.probe(task, module, arguments.sequences, arguments.seed, progress)
    if arguments.json:
        head = head_of(task, spec, arguments.sequences, arguments.seed)
        print(to_line(finite({**with_options(head, task), "state": probe.to_json(found)})))
    else:
        print(probe.to_text(found))
    return 0

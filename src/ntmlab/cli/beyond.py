"""``ntmlab beyond``: models on longer sequences, other tables and shorter contexts."""

import argparse
import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from ntmlab.cli.inputs import find_predictors, is_trained, ngrams_of
from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.studies import beyond
from ntmlab.studies.profiles import finite
from ntmlab.tasks import DynamicNGrams
from ntmlab.weights.trained import load_trained


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints the tables."""
    check_path(Path(arguments.out))
    training = training_task(arguments.models)
    predictors = find_predictors(arguments.models, training)
    count, seed, length = arguments.sequences, arguments.seed, arguments.length
    with progress_bar("settings", len(beyond.short_settings(training)) + 1) as progress:
        found = beyond.beyond(training, predictors, count, seed, length, progress)
    record = finite(beyond.to_json(training, found))
    beyond.drawing(record).save(arguments.out)
    if arguments.json:
        print(json.dumps(record))
    else:
        print(f"{beyond.to_text(found)}\n\n{arguments.out}")
    return 0


def training_task(models: Iterable[str]) -> DynamicNGrams:
    """The task that the trained models among these were trained on, the paper's without any.

    Raises InputError where they differ.
    """
    cards = {m: load_trained(m, DynamicNGrams.name).task_options for m in models if is_trained(m)}
    tasks = {name: ngrams_of(options) for name, options in cards.items()}
    for (first, task), (other, another) in pairwise(tasks.items()):
        if task != another:
            raise InputError(f"{first} and {other} are trained on different sizes of the task")
    return next(iter(tasks.values()), DynamicNGrams())

"""``ntmlab inside``: whether and how an NTM's memory counts, over many sequences."""

import argparse
import json
from pathlib import Path

from ntmlab.cli.inputs import ngrams_of
from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.models import NTM
from ntmlab.studies import inside
from ntmlab.studies.profiles import finite
from ntmlab.tasks import DynamicNGrams
from ntmlab.weights.trained import load_trained


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints numbers and claims."""
    check_path(Path(arguments.out))
    trained = load_trained(arguments.model, DynamicNGrams.name)
    if not isinstance(trained.model, NTM):
        raise InputError(
            f"model {trained.name} is an LSTM and has no memory to look into; "
            f"`ntmlab losses {trained.name}` says where it loses its bits"
        )
    length = {} if arguments.length is None else {"length": arguments.length}
    task = ngrams_of(trained.task_options | length)
    count, seed = arguments.sequences, arguments.seed
    with progress_bar("sequences", count) as progress:
        found = inside.look_inside(trained.model, task, count, seed, progress)
    inside.drawing(found).save(arguments.out)
    if arguments.json:
        head = {"model": trained.name, "length": task.length}
        print(json.dumps(finite({**head, **inside.to_json(found)})))
    else:
        print(f"{inside.to_text(found)}\n\n{arguments.out}")
    return 0

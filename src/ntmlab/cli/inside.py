"""``ntmlab inside``: whether and how an NTM's memory counts, over many sequences."""

import argparse
from pathlib import Path

from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.figures.width import printed_at
from ntmlab.models import NTM
from ntmlab.records import finite, to_line
from ntmlab.studies import inside
from ntmlab.tasks import settings_of, specification
from ntmlab.weights.trained import load_trained


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints numbers and claims."""
    check_path(Path(arguments.out))
    trained = load_trained(arguments.model)
    if not isinstance(trained.model, NTM):
        raise InputError(
            f"model {trained.name} is no NTM and has no memory to look into; "
            f"`ntmlab losses {trained.name}` says where it loses its bits"
        )
    task = trained.make_task({} if arguments.length is None else {"length": arguments.length})
    count, seed = arguments.sequences, arguments.seed
    with progress_bar("sequences", count) as progress:
        found = inside.look_inside(trained.model, task, count, seed, progress)
    with printed_at(arguments.width):
        inside.drawing(found).save(arguments.out)
    if arguments.json:
        spec = specification(trained.task, settings_of(task))
        head = {"model": trained.name, "specification": spec, "length": task.steps}
        print(to_line(finite({**head, **inside.to_json(found)})))
    else:
        print(f"{inside.to_text(found)}\n\n{arguments.out}")
    return 0

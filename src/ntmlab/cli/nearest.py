"""``ntmlab nearest``: which known estimator a model is nearest to, and when."""

import argparse
from pathlib import Path

from ntmlab.cli.inputs import (
    find_predictors,
    head_of,
    is_trained,
    letters_of,
    specified_task,
    with_options,
)
from ntmlab.cli.progress import progress_bar
from ntmlab.figures.save import check_path
from ntmlab.figures.width import printed_at
from ntmlab.models import ModulePredictor
from ntmlab.records import finite, to_line
from ntmlab.runs.folder import RunFolder
from ntmlab.sequences import Predictor, Task
from ntmlab.studies import nearest
from ntmlab.weights import load_weights, weights_path


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints distances and the best mixture."""
    check_path(Path(arguments.out))
    task, spec = specified_task(arguments, [arguments.model])
    letters_of(task)
    models = {**_snapshots(arguments.model, task), **find_predictors([arguments.model], task)}
    with progress_bar("models", len(models)) as progress:
        found = nearest.nearest(
            task, models, arguments.against, arguments.sequences, arguments.seed, progress
        )
    with printed_at(arguments.width):
        drawn = nearest.drawing(found)
    drawn.save(arguments.out)
    if arguments.json:
        head = head_of(task, spec, arguments.sequences, arguments.seed)
        said = {name: nearest.to_json(own) for name, own in found.items()}
        print(to_line(finite({**with_options(head, task), "models": said})))
    else:
        last = {arguments.model: found[arguments.model]}
        print(f"{nearest.to_text(last)}\n\n{arguments.out}: {drawn.words}")
    return 0


def _snapshots(model: str, task: Task) -> dict[str, Predictor]:
    """The snapshots of a run folder by their number of sequences; nothing for other models."""
    if not is_trained(model):
        return {}
    found = RunFolder(weights_path(model).parent).snapshots()
    return {
        f"{done:,}": ModulePredictor(load_weights(path), task.outputs)
        for done, path in found.items()
    }

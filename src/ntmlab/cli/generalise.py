"""``ntmlab generalise``: targets and outputs at sizes beyond those of training."""

import argparse
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.figures.width import printed_at
from ntmlab.models import ModulePredictor
from ntmlab.studies import generalise
from ntmlab.studies.sizes import PAPER_SIZES, USUAL_SIZES, size_name
from ntmlab.weights.trained import load_trained


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture and prints where and how many bits are wrong."""
    check_path(Path(arguments.out))
    trained = load_trained(arguments.model)
    tasks = {size_name(size): trained.make_task(size) for size in _sizes(arguments, trained.task)}
    models = {trained.name: ModulePredictor(trained.model)}
    answers = generalise.answers(models, tasks, arguments.seed or 0)
    with printed_at(arguments.width):
        drawn = generalise.drawing(answers)
    drawn.save(arguments.out)
    print(f"{arguments.out}: {drawn.words}")
    return 0


def _sizes(arguments: argparse.Namespace, task: str) -> list[dict[str, int]]:
    """The sizes to show: those given, paired in order, or the paper's, or those of training."""
    given = {name: getattr(arguments, name) for name in ("length", "repeats", "items")}
    lists = {name: values for name, values in given.items() if values is not None}
    if not lists:
        return PAPER_SIZES.get(task, [{}])
    most = max(map(len, lists.values()))
    if any(len(values) not in (1, most) for values in lists.values()):
        raise InputError("each size takes one value, or as many as the others")
    columns = {name: values * (most // len(values)) for name, values in lists.items()}
    usual = USUAL_SIZES.get(task, {})
    return [{**usual, **{name: values[i] for name, values in columns.items()}} for i in range(most)]

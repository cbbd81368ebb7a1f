"""``ntmlab generalise``: targets and outputs at sizes beyond those of training."""

import argparse
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.models import ModulePredictor
from ntmlab.studies import generalise
from ntmlab.studies.sizes import PAPER_SIZES, size_name
from ntmlab.weights.trained import load_trained


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture and prints where and how many bits are wrong."""
    check_path(Path(arguments.out))
    trained = load_trained(arguments.model, "copy", "repeat-copy")
    sizes = _sizes(trained.task, arguments.length, arguments.repeats)
    tasks = {size_name(size): trained.make_task(size) for size in sizes}
    models = {trained.name: ModulePredictor(trained.model)}
    drawn = generalise.drawing(generalise.answers(models, tasks, arguments.seed or 0))
    drawn.save(arguments.out)
    print(f"{arguments.out}: {drawn.words}")
    return 0


def _sizes(task: str, lengths: list[int] | None, repeats: list[int] | None) -> list[dict[str, int]]:
    """The sizes to show: those given, paired in order, or the paper's."""
    if lengths is None and repeats is None:
        return PAPER_SIZES[task]
    given = {"length": lengths, "repeats": repeats}
    lists = {name: values for name, values in given.items() if values is not None}
    most = max(map(len, lists.values()))
    if any(len(values) not in (1, most) for values in lists.values()):
        raise InputError("--length and --repeats take one value, or as many as the other")
    if task == "repeat-copy":
        lists = {"length": [10], "repeats": [10]} | lists
    columns = {name: values * (most // len(values)) for name, values in lists.items()}
    return [{name: values[i] for name, values in columns.items()} for i in range(most)]

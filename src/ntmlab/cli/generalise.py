"""``ntmlab generalise``: targets and outputs at sizes beyond those of training."""

import argparse
from pathlib import Path

from ntmlab.cli.models import load_trained
from ntmlab.cli.pictures import draw_generalise
from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.studies.paper.sizes import PAPER_SIZES


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture and prints where and how many bits are wrong."""
    out = Path(arguments.out)
    check_path(out)
    trained = load_trained(arguments.model, "copy", "repeat-copy")
    sizes = _sizes(trained.task, arguments.length, arguments.repeats)
    models = {trained.name: trained.model}
    print(draw_generalise(models, trained.task, trained.form, sizes, arguments.seed or 0, out))
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

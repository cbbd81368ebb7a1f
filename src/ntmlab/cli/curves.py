"""``ntmlab curves``: learning curves of runs, those of one recipe as a band; or for TensorBoard."""

import argparse
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.runs.folder import read_config


def run(arguments: argparse.Namespace) -> int:
    """Draws cost and gap of runs against the sequences they have seen; saves the arrays too."""
    paths = [Path(run) for run in arguments.runs]
    if arguments.tensorboard is not None:
        return _export(paths, arguments)
    from ntmlab.figures.save import check_path  # with Matplotlib
    from ntmlab.studies import curves

    out = arguments.out or "curves.png"
    check_path(Path(out))
    curves.drawing(paths, arguments.width).save(out)
    print(out)
    return 0


def _export(paths: list[Path], arguments: argparse.Namespace) -> int:
    """Writes the rows of runs for TensorBoard; prints the folder."""
    from ntmlab.runs.tensorboard import export, names_apart

    if (arguments.out, arguments.width) != (None, None):
        raise InputError("--tensorboard writes no picture: give no --out or --width with it")
    for path in paths:
        read_config(path)  # a line where it is no run
    export(names_apart(paths), Path(arguments.tensorboard))
    print(arguments.tensorboard)
    return 0

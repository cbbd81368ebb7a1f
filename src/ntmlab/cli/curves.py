"""``ntmlab curves``: learning curves of runs, those of one recipe as a band."""

import argparse
from pathlib import Path

from ntmlab.figures.save import check_path
from ntmlab.studies import curves


def run(arguments: argparse.Namespace) -> int:
    """Draws cost and gap of runs against the sequences they have seen; saves the arrays too."""
    check_path(Path(arguments.out))
    curves.drawing([Path(run) for run in arguments.runs], arguments.width).save(arguments.out)
    print(arguments.out)
    return 0

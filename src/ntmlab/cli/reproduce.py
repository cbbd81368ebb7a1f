"""``ntmlab reproduce``: a figure of the paper from shipped metrics and weights, or from scratch."""

import argparse
import sys
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.studies.paper import check_drawn, draw, find_figure
from ntmlab.studies.paper.scratch import train_models
from ntmlab.training.device import find_device


def run(arguments: argparse.Namespace) -> int:
    """Draws the figure; with --from-scratch trains what it shows first."""
    shown = find_figure(arguments.figure)
    out = Path(arguments.out or f"figure{arguments.figure}.png")
    check_path(out)
    if arguments.device and not arguments.from_scratch:
        raise InputError("--device is for training: give --from-scratch with it")
    if arguments.seed is not None:
        check_drawn(arguments.figure, own_runs=bool(arguments.runs or arguments.from_scratch))
    device = arguments.device or "cpu"
    find_device(device, "lstm")
    runs = None if arguments.runs is None else Path(arguments.runs)
    if arguments.from_scratch:
        runs = runs or Path("runs")
        if not train_models(shown.models, runs, device):
            return 1
    drawn = draw(arguments.figure, seed=arguments.seed, runs=runs, width=arguments.width)
    drawn.save(out)
    print(f"Figure {arguments.figure}: {shown.title}", file=sys.stderr)
    print(f"{out}: {drawn.words}")
    return 0

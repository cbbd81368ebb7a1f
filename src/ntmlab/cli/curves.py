"""``ntmlab curves``: learning curves of runs."""

import argparse
from pathlib import Path

import numpy as np

from ntmlab.figures import Curve, curves, save
from ntmlab.figures.save import check_path
from ntmlab.training import read_metrics
from ntmlab.training.run import read_config


def run(arguments: argparse.Namespace) -> int:
    """Draws cost and gap of runs against the sequences they have seen; saves the arrays too."""
    out = Path(arguments.out)
    check_path(out)
    paths = [Path(run) for run in arguments.runs]
    lines = [_curve(path) for path in paths]
    axes = curves(lines, optimum=_optimum(paths[0]))
    arrays = {}
    for i, line in enumerate(lines):
        values = (line.sequences, line.bits, line.gap)
        for name, array in zip(("sequences", "bits", "gap"), values, strict=True):
            arrays[f"{i}-{line.label}-{name}"] = array
    save(axes[0].figure, out, arrays)
    print(out)
    return 0


def _curve(path: Path) -> Curve:
    """A run's curve, labelled with its recipe; the gap is the summed divergence."""
    rows = read_metrics(path)
    _, recipe, _ = read_config(path)

    def column(name: str) -> np.ndarray:
        return np.array([row[name] for row in rows], dtype=np.float64)

    return Curve(recipe.name, column("sequences"), column("bits"), column("kl"))


def _optimum(path: Path) -> float:
    """What the optimum costs on the validation sequences: cost less paired gap, in any row."""
    row = read_metrics(path)[0]
    return float(row["bits"] - row["gap"])

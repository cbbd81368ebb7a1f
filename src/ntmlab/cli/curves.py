"""``ntmlab curves``: learning curves of runs."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ntmlab.figures import Curve, curves, save
from ntmlab.figures.save import check_path
from ntmlab.training import read_metrics
from ntmlab.training.run import read_config

Rows = list[dict[str, Any]]


def run(arguments: argparse.Namespace) -> int:
    """Draws cost and gap of runs against the sequences they have seen; saves the arrays too."""
    out = Path(arguments.out)
    check_path(out)
    paths = [Path(run) for run in arguments.runs]
    print(draw_curves([(_label(path), read_metrics(path)) for path in paths], out))
    return 0


def draw_curves(runs: Sequence[tuple[str, Rows]], out: Path) -> Path:
    """Cost and gap of labelled metrics against sequences: Figures 3, 7, 10, 13 and 18."""
    lines = [_curve(label, rows) for label, rows in runs]
    axes = curves(lines, optimum=_optimum(runs[0][1]))
    arrays = {}
    for i, line in enumerate(lines):
        values = (line.sequences, line.bits, line.gap)
        for name, array in zip(("sequences", "bits", "gap"), values, strict=True):
            arrays[f"{i}-{line.label}-{name}"] = array
    save(axes[0].figure, out, arrays)
    return out


def _label(path: Path) -> str:
    """A run's recipe."""
    _, recipe, _ = read_config(path)
    return recipe.name


def _curve(label: str, rows: Rows) -> Curve:
    """A run's curve; the gap is the summed divergence."""

    def column(name: str) -> np.ndarray:
        return np.array([row[name] for row in rows], dtype=np.float64)

    return Curve(label, column("sequences"), column("bits"), column("kl"))


def _optimum(rows: Rows) -> float:
    """What the optimum costs on the validation sequences: cost less paired gap, in any row."""
    row = rows[0]
    return float(row["bits"] - row["gap"])

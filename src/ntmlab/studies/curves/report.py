"""The picture of learning curves, those of one recipe as a band, with its arrays."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ntmlab.errors import InputError
from ntmlab.figures import Curve, curves
from ntmlab.recipes import Recipe
from ntmlab.recipes.settings import PARTS
from ntmlab.runs.folder import read_config
from ntmlab.studies.drawing import Drawing
from ntmlab.training import read_metrics

Rows = list[dict[str, Any]]

SAME: Final = 1e-3  # bits; optima that differ by less do so in their rounding


def drawing(paths: Sequence[Path], width: float | None = None) -> Drawing:
    """Cost and gap of runs against the sequences they have seen: Figures 3, 7, 10, 13 and 18.

    ``width`` is in inches.
    """
    runs = labelled(paths)
    lines = [_curve(label, rows) for label, rows in runs]
    axes = curves(lines, optimum=_optima([rows[0] for _, rows in runs]), width=width)
    arrays = {}
    for i, line in enumerate(lines):
        values = (line.sequences, line.bits, line.gap)
        for name, array in zip(("sequences", "bits", "gap"), values, strict=True):
            arrays[f"{i}-{line.label}-{name}"] = array
    names = ", ".join(dict.fromkeys(line.label for line in lines))
    return Drawing(axes[0].figure, arrays, f"{len(lines)} runs of {names}")


def labelled(paths: Sequence[Path]) -> list[tuple[str, Rows]]:
    """The metrics of run folders with their labels: runs of one recipe have the same.

    A label is the recipe's name, and what was set where runs of that name differ. Raises
    InputError where a path is no run folder, or two are the same seed of the same recipe.
    """
    runs = [(path, *read_config(path)[1:]) for path in paths]
    recipes = [recipe for _, recipe, _ in runs]
    labels = [_label(recipe, recipes) for recipe in recipes]
    taken: dict[tuple[str, int], Path] = {}
    for label, (path, _, seed) in zip(labels, runs, strict=True):
        if (other := taken.setdefault((label, seed), path)) is not path:
            raise InputError(f"{other} and {path} are the same seed, {seed}, of {label}")
    return [(label, read_metrics(path)) for label, path in zip(labels, paths, strict=True)]


def _label(recipe: Recipe, among: Sequence[Recipe]) -> str:
    """A recipe's name, with the settings that recipes of its name among others do not share."""
    same_name = [_flat(other) for other in among if other.name == recipe.name]
    every = {key for settings in same_name for key in settings}
    differs = {k for k in every if any(s.get(k) != same_name[0].get(k) for s in same_name)}
    own = _flat(recipe)
    return " ".join([recipe.name, *(f"{key}={own[key]}" for key in sorted(differs & set(own)))])


def _flat(recipe: Recipe) -> dict[str, Any]:
    """The settings of a recipe as ``--set`` names them."""
    settings = recipe.to_json()
    flat = {k: v for k, v in settings.items() if not k.endswith("options") and k != "about"}
    for part in PARTS:
        flat |= {f"{part}.{k}": v for k, v in settings[f"{part}_options"].items()}
    return flat


def _curve(label: str, rows: Rows) -> Curve:
    """A run's curve; the gap is the summed divergence, no number where the optimum is not known."""

    def column(name: str) -> np.ndarray:
        return np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)

    start = np.array([row.get("restarts", row.get("start", 0)) for row in rows])
    return Curve(label, column("sequences"), column("bits"), column("kl"), start)


def _optima(rows: Rows) -> list[float] | None:
    """What the optimum costs on the validation sequences of each task, by rows: cost less gap."""
    found: list[float] = []
    for cost in (float(row["bits"] - row["gap"]) for row in rows if "gap" in row):
        if all(abs(cost - other) > SAME for other in found):
            found.append(cost)
    return found or None

"""Figure 11, cost against the number of items: from models, or from the scores in results/."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.figures import save
from ntmlab.models import LSTM, NTM, ModulePredictor
from ntmlab.runs.results import Result, read_result, shipped_runs
from ntmlab.studies.items.picture import ItemsLine, cost_by_items
from ntmlab.tasks import Recall, fix_sizes, make_task


def draw_items(
    models: Mapping[str, NTM | LSTM],
    form: Mapping[str, Any],
    items: Iterable[int],
    sequences: int,
    seed: int,
    out: Path,
) -> str:
    """Cost against the number of items: Figure 11."""
    numbers = list(items)
    tasks = [make_task("recall", **form, **fix_sizes("recall", {"items": n})) for n in numbers]
    lines: list[ItemsLine] = []
    for name, model in models.items():
        scores = [evaluate(t, {"m": ModulePredictor(model)}, sequences, seed)["m"] for t in tasks]
        bits, errors = (np.array([getattr(s, k) for s in scores]) for k in ("bits", "bits_se"))
        lines.append(ItemsLine(name, np.array(numbers, dtype=np.float64), bits, errors))
    _save(lines, out)
    return f"{out}: {sequences} sequences of seed {seed} at each number of items"


def draw_item_scores(recipes: Sequence[str], out: Path) -> str:
    """The shipped scores of recall at several numbers of items: of every seed the median one.

    Raises InputError where none of the recipes has results.
    """
    found = {name: [read_result(run) for run in shipped_runs(name)] for name in recipes}
    lines = [_median(name, results) for name, results in found.items() if results]
    if not lines:
        raise InputError(f"no results of {', '.join(recipes)} are shipped; use --from-scratch")
    _save(lines, out)
    missing = [name for name, results in found.items() if not results]
    left_out = f"; without results, left out: {', '.join(missing)}" if missing else ""
    return f"{out}: medians over seeds of the scores in results/{left_out}"


def _median(name: str, results: Sequence[Result]) -> ItemsLine:
    """At every number of items the seed in the middle, the lower one of two, with its error."""
    columns = list(zip(*(result.score["sizes"] for result in results), strict=True))
    ranked = [sorted((s["bits"], s["bits_se"]) for s in column) for column in columns]
    middle = np.array([pairs[(len(pairs) - 1) // 2] for pairs in ranked])
    items = np.array([column[0]["items"] for column in columns], dtype=np.float64)
    seeds = f"{len(results)} seed{'s' if len(results) > 1 else ''}"
    return ItemsLine(f"{name} ({seeds})", items, middle[:, 0], middle[:, 1])


def _save(lines: Sequence[ItemsLine], out: Path) -> None:
    """Draws the lines; saves picture and arrays, a line's by the name it starts with."""
    arrays = {"items": lines[0].items}
    for line in lines:
        name = line.label.split()[0]
        arrays |= {f"{name}-bits": line.bits, f"{name}-error": line.error}
    save(cost_by_items(lines, trained=Recall().max_items).figure, out, arrays)

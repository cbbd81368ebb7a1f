"""Shipped results: finished runs less checkpoint and weights, one folder a seed.

``results/RECIPE/seedK/`` holds a run's config, environment, metrics and timing, so that whatever
reads metrics reads it as a run folder; and ``score.json``, what the final weights cost on sequences
that neither training nor validation has seen.
"""

from pathlib import Path
from typing import NamedTuple

import ntmlab
from ntmlab.errors import InputError
from ntmlab.recipes import Recipe
from ntmlab.records import Record, read_object
from ntmlab.runs.folder import RunFolder, read_config, read_metrics, read_timing
from ntmlab.sequences import Task
from ntmlab.tasks.optimum import optimum_of

SCORE = "score.json"


class Result(NamedTuple):
    """What is shipped of one run; parts that were never recorded are empty."""

    path: Path
    recipe: Recipe
    seed: int
    metrics: list[Record]
    environment: Record
    seconds: float | None  # wall time of training, validation included
    score: Record

    @property
    def sequences(self) -> int:
        """How many sequences it was trained on."""
        return int(self.metrics[-1]["sequences"])


def results_folder() -> Path:
    """Where results are: within an installed package, else at the top of its checkout."""
    package = Path(ntmlab.__file__).parent
    installed = package / "results"
    return installed if installed.is_dir() else package.parents[1] / "results"


def shipped_runs(recipe: str, folder: Path | None = None) -> list[Path]:
    """The results of a recipe's seeds, in order of seed."""
    found = ((folder or results_folder()) / recipe).glob("seed*/config.json")
    return sorted((path.parent for path in found), key=lambda path: read_config(path)[2])


def shipped_recipes(folder: Path | None = None) -> list[str]:
    """The recipes that results are shipped of."""
    found = (folder or results_folder()).glob("*/seed*/config.json")
    return sorted({path.parents[1].name for path in found})


def read_result(path: Path) -> Result:
    """What is shipped of a run; raises InputError if it is damaged."""
    run, recipe, seed = read_config(path)
    return Result(
        path,
        recipe,
        seed,
        read_metrics(path),
        read_object(run.environment) or {},
        seconds_of(run),
        read_object(path / SCORE) or {},
    )


def validation_key(task: Task) -> str:
    """The number by which a task's seeds are ranked.

    The gap where the optimum costs something; the cost where it costs nothing, or is not known.
    """
    return "bits" if task.deterministic or optimum_of(task) is None else "kl"


def validation_cost(row: Record, key: str, path: Path) -> float:
    """That number of a run's row of metrics; raises InputError where the row has none.

    A row has no gap where no optimum was known when it was written: a source's filter can be new.
    """
    if key not in row:
        raise InputError(
            f"{path}: its last validation has no {key}, by which runs of its task are compared: "
            "its task knew no optimum then, or there was no validation; train it anew"
        )
    return float(row[key])


def best_by_validation(results: list[Result]) -> Result:
    """The seed that ended best on the validation sequences; the first of equals."""
    key = validation_key(results[0].recipe.make_task())
    return min(results, key=lambda one: (validation_cost(one.metrics[-1], key, one.path), one.seed))


def seconds_of(run: RunFolder) -> float | None:
    """Wall time of a run up to its last validation, where it was recorded."""
    rows = [row for row in read_timing(run) if "seconds" in row]
    return float(rows[-1]["seconds"]) if rows else None

"""Tables of a sweep: a row a run, and a row for the seeds of each setting."""

import csv
import io
import statistics
import warnings
from pathlib import Path
from typing import Any, Final

from ntmlab.errors import InputError, Remark
from ntmlab.records import Record, finite
from ntmlab.runs.folder import COSTS, RunFolder
from ntmlab.runs.results import seconds_of
from ntmlab.runs.status import last_row
from ntmlab.runs.weights import code_of
from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.carry import saved
from ntmlab.sweeps.goal import Goal, in_words, success
from ntmlab.sweeps.standing import RETRIES, standing
from ntmlab.sweeps.study import read_study
from ntmlab.sweeps.units import Unit

HEAD: tuple[str, ...] = ("run", "seeds", "finished", "failed", "cost", "best", "median", "worst")
SHOWN: Final = ("best", "median", "worst")
WORDS: Final = {  # as `ntmlab evaluate` has them
    "bits": "bits",
    "kl": "gap (KL)",
    "gap": "gap (paired)",
    "wrong_rate": "wrong rate",
}
SETTING: Final = "set."  # before the name of a setting, in tables


def run_rows(sweep: Sweep, retries: int = RETRIES) -> list[Record]:
    """A row a run: name, recipe, settings, seed, state, attempts, and costs where there are any."""
    units = read_study(sweep).units
    return [_run_row(sweep, name, unit, retries) for name, unit in units.items()]


def run_paths(sweep: Sweep, retries: int) -> dict[str, Path]:
    """The folder of each run that has rows, finished or not, by its name."""
    paths = {name: standing(sweep, name, retries).path for name in read_study(sweep).units}
    return {name: path for name, path in paths.items() if path is not None and last_row(path)}


def _run_row(sweep: Sweep, name: str, unit: Unit, retries: int) -> Record:
    found = standing(sweep, name, retries)
    row = last_row(found.path) if found.path is not None else {}
    if found.state == attempts.FINISHED and not row:
        raise InputError(f"{found.path} is damaged: it is finished, and has no row of a validation")
    number = saved(found.path)[1] if found.path is not None else 0
    return {
        "name": name,
        "recipe": unit.recipe.name,
        **{f"{SETTING}{key}": value for key, value in unit.settings.items()},
        "seed": unit.seed,
        "state": found.state,
        "why": found.why,
        "attempts": found.attempt.number if found.attempt is not None else number,
        "sequences": row.get("sequences", 0),
        "seconds": seconds_of(RunFolder(found.path)) if found.path is not None else None,
        **{key: row.get(key) for key in COSTS},
    }


def remark_on_code(sweep: Sweep, runs: list[Record]) -> None:
    """Says so where finished runs were trained with several files of a user's own code."""
    found: dict[str, set[str | None]] = {}
    for run in runs:
        if run["state"] == attempts.FINISHED:
            for name, digest in code_of(RunFolder(sweep.run(run["name"])).model).items():
                found.setdefault(name, set()).add(digest)
    for name, files in found.items():
        if len(files) > 1:
            warnings.warn(
                f"runs of {sweep.path} were trained with {len(files)} versions of the file of "
                f"{name}: rows and medians are of no one thing",
                Remark,
                stacklevel=2,
            )


def group_rows(runs: list[Record], goal: Goal | None = None) -> list[Record]:
    """A row for the seeds of each setting: how many, failures, and each cost of finished runs.

    Of a cost: ``best`` and ``worst``, the median, and the seed of the best. Least is best. With a
    goal also how many reached it, as `success` says.
    """
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for run in runs:
        groups.setdefault(tuple(_what(run).items()), []).append(run)
    rows = [{**dict(key), **_summary(members)} for key, members in groups.items()]
    if goal is not None:
        for row, members in zip(rows, groups.values(), strict=True):
            row["goal"] = success(members, goal)
    return rows


def _what(run: Record) -> Record:
    """What the seeds of a group share."""
    return {k: v for k, v in run.items() if k == "recipe" or k.startswith(SETTING)}


def _summary(runs: list[Record]) -> Record:
    ended = [run for run in runs if run["state"] == attempts.FINISHED]
    failed = sum(run["state"] == attempts.FAILED for run in runs)
    summary: Record = {"runs": len(runs), "finished": len(ended), "failed": failed}
    for cost in COSTS:
        having = [run for run in ended if run[cost] is not None]
        if having:
            values, best = [run[cost] for run in having], min(having, key=lambda run: run[cost])
            summary[cost] = {
                "best": best[cost],
                "median": statistics.median(values),
                "worst": max(values),
                "best_seed": best["seed"],
            }
    return summary


def to_json(runs: list[Record], goal: Goal | None = None) -> Record:
    """Both tables as one JSON object."""
    return {"groups": finite(group_rows(runs, goal)), "runs": finite(runs)}


def to_csv(runs: list[Record]) -> str:
    """A line a run, under a line of names; settings that a run has not are empty."""
    names = list(dict.fromkeys(key for run in runs for key in run))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(runs)
    return out.getvalue()


def to_text(runs: list[Record], goal: Goal | None = None) -> str:
    """The seeds of each setting in a table for people, and a line for every failure."""
    lines = [HEAD if goal is None else (*HEAD, f"at most {goal.most:g}")]
    for group in group_rows(runs, goal):
        lines += _lines(group)
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    table = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    failed = [run for run in runs if run["state"] == attempts.FAILED]
    return "\n".join([*table, *(f"{run['name']} failed: {run['why']}" for run in failed)])


def _lines(group: Record) -> list[tuple[str, ...]]:
    """A line a cost: gap where it is known, rate of wrong bits where answers are, the goal's."""
    settings = (f"{k[len(SETTING) :]}={v}" for k, v in group.items() if k.startswith(SETTING))
    name = " ".join([group["recipe"], *settings])
    counts = tuple(str(group[key]) for key in ("runs", "finished", "failed"))
    goal = group.get("goal", {"cost": None})
    keys = [key for key in WORDS if (key in group and key != "gap") or key == goal["cost"]]
    lines: list[tuple[str, ...]] = []
    for key in keys or [""]:
        head = ("", "", "", "") if lines else (name, *counts)
        numbers = (f"{group[key][which]:.4f}" if key in group else "" for which in SHOWN)
        reached = [in_words(goal) if key == goal["cost"] else ""] if "goal" in group else []
        lines.append((*head, WORDS.get(key, ""), *numbers, *reached))
    return lines

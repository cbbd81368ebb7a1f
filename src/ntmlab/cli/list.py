"""``ntmlab list``: tasks, models, recipes, parameter counts beside the paper's, and runs.

Tasks and models are listed without PyTorch, which takes seconds to import.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import ntmlab
from ntmlab.errors import InputError
from ntmlab.names import ALIASES, EXACT, KINDS, TASKS
from ntmlab.records import read_object, to_line
from ntmlab.registered import registered

Rows = dict[str, str]


def run(arguments: argparse.Namespace) -> int:
    """Prints names and what they are, a line each."""
    if arguments.what == "runs":
        return _runs(Path(arguments.folder or "runs"), as_json=arguments.json)
    if arguments.folder is not None:
        raise InputError(f"a folder is for `ntmlab list runs`, not for {arguments.what}")
    rows = LISTINGS[arguments.what]()
    print(to_line(rows) if arguments.json else _table(rows))
    return 0


def _table(rows: Rows) -> str:
    width = max(map(len, rows), default=0)
    return "\n".join(f"{name:<{width}}  {about}" for name, about in rows.items())


def _runs(folder: Path, *, as_json: bool) -> int:
    """Prints the runs of a folder, and how far each is; damaged ones are said on stderr."""
    from ntmlab.runs.status import Status, find_runs, read_status

    found: dict[str, Status] = {}
    for path in find_runs(folder):
        try:
            found[str(path)] = read_status(path)
        except InputError as error:
            print(f"ntmlab list: {error}", file=sys.stderr)
    if as_json:
        print(to_line({path: status.values() for path, status in found.items()}))
    elif found:
        print(_table({path: status.words() for path, status in found.items()}))
    return 0


def _tasks() -> Rows:
    return dict(TASKS)


def _models() -> Rows:
    short = {full: alias for alias, full in ALIASES.items()}
    rows = dict(EXACT)
    for path in sorted((Path(ntmlab.__file__).parent / "weights").glob("*.json")):
        card, name = read_object(path), path.stem
        if card is not None:
            rows[short.get(name, name)] = (
                f"{name}: {card['model']} for {card['task']}, {card['sequences']:,} sequences, "
                f"seed {card['seed']}"
            )
    kinds = {name: f"to train: {about}" for name, about in KINDS.items()}
    return {**kinds, **_registered(), **rows}


def _registered() -> Rows:
    """Models that packages register; those that cannot be taken are said on stderr."""
    rows = {}
    for name, found in registered().items():
        if found.broken:
            print(f"ntmlab list: {name}: package {found.package} {found.broken}", file=sys.stderr)
        else:
            rows[name] = f"to train: {found.factory}, registered by {found.package}"
    return rows


def _recipes() -> Rows:
    from ntmlab.recipes import RECIPES

    return {name: recipe.about for name, recipe in RECIPES.items()}


def _parameters() -> Rows:
    from ntmlab.models.paper import parameter_counts

    return {
        f"{row.task}, {row.model}": f"{row.ours:>9,} here  {row.paper:>9,} in the paper"
        for row in parameter_counts()
    }


LISTINGS: dict[str, Callable[[], Rows]] = {
    "tasks": _tasks,
    "models": _models,
    "recipes": _recipes,
    "parameters": _parameters,
}

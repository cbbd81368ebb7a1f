"""``ntmlab list``: tasks, models, recipes, and parameter counts beside the paper's.

Tasks and models are listed without PyTorch, which takes seconds to import.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import ntmlab
from ntmlab.names import ALIASES, EXACT, KINDS, TASKS
from ntmlab.records import read_object, to_line

Rows = dict[str, str]


def run(arguments: argparse.Namespace) -> int:
    """Prints names and what they are, a line each."""
    rows = LISTINGS[arguments.what]()
    if arguments.json:
        print(to_line(rows))
    else:
        width = max(map(len, rows))
        print("\n".join(f"{name:<{width}}  {about}" for name, about in rows.items()))
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
    return {**{name: f"to train: {about}" for name, about in KINDS.items()}, **rows}


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

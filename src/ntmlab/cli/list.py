"""``ntmlab list``: tasks, models, recipes, and parameter counts beside the paper's."""

import argparse
from collections.abc import Callable

from ntmlab.evaluation.predictors import EXACT
from ntmlab.models.paper import parameter_counts
from ntmlab.records import to_line
from ntmlab.tasks import TASKS
from ntmlab.training import RECIPES
from ntmlab.weights import ALIASES, read_card, shipped

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
    return {name: (task.__doc__ or "").splitlines()[0] for name, task in TASKS.items()}


def _models() -> Rows:
    short = {full: alias for alias, full in ALIASES.items()}
    rows = dict(EXACT)
    for name, path in shipped().items():
        card = read_card(path)
        rows[short.get(name, name)] = (
            f"{name}: {card['model']} for {card['task']}, {card['sequences']:,} sequences, "
            f"seed {card['seed']}"
        )
    return rows


def _recipes() -> Rows:
    return {name: recipe.about for name, recipe in RECIPES.items()}


def _parameters() -> Rows:
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

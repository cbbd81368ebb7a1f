"""Values of a recipe as they are read: from JSON, and from ``key=value``."""

from typing import Any

from ntmlab.errors import InputError
from ntmlab.given import is_whole
from ntmlab.models import MODELS, split_model
from ntmlab.tasks import TASKS, split_task

PARTS = ("task", "training", "model")  # of a recipe, each with options
MADE_BY = {"task": "task", "training": "task", "model": "model"}  # what takes their options
SPECIFIED = {"task": split_task, "model": split_model}  # settings that may bring options


def typed(key: str, value: Any, type_: Any) -> Any:
    """The value as the field's type: whole numbers may stand for floats, nothing else changes."""
    if key.endswith("_options"):
        type_ = dict
    if type_ is float and is_whole(value):
        return float(value)
    if not isinstance(value, type_) or isinstance(value, bool):
        raise InputError(f"{key} must be of type {type_.__name__}, not {value!r}")
    return value


def check_name(task: str) -> None:
    """Raises InputError for a task with options in its name, by which its run could not be read."""
    name = split_task(task)[0] if ":" in task else task
    if name != task:
        raise InputError(f"task {task!r} has options in its name; {name!r} takes task_options")


def taken_apart(recipe: dict[str, Any]) -> dict[str, Any]:
    """A recipe's values, task and model without options in their names.

    There are runs with a recipe of ``"task": "hmm:mess3"``, which else names code of a user's own:
    `override` once wrote them. What a user's file called as a model is, such as gru.py, stays.
    """
    for key, names in (("task", TASKS), ("model", MODELS)):
        name, colon, rest = recipe.get(key, "").partition(":")
        if colon and name in names and (key == "task" or "=" in rest.partition(":")[0]):
            own, options = SPECIFIED[key](recipe[key])
            recipe |= {key: own, f"{key}_options": options | recipe.get(f"{key}_options", {})}
    return recipe

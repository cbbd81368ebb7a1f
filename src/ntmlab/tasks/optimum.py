"""The optimum of a task, where one is known."""

from ntmlab.errors import InputError
from ntmlab.sequences import Predictor, Task


def optimum_of(task: Task) -> Predictor | None:
    """The task's optimal predictor; None where none is known."""
    try:
        return task.optimal()
    except NotImplementedError:
        return None


def known_optimum(task: Task) -> Predictor:
    """The same; raises InputError where none is known."""
    found = optimum_of(task)
    if found is None:
        raise InputError(f"task {task.name} has no exact predictor: its optimum is not known")
    return found

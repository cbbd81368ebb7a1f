"""The options that a task takes, and a task with another one."""

import dataclasses
from typing import Any

from ntmlab.errors import InputError
from ntmlab.sequences import Task


def option_names(task: object) -> list[str]:
    """The keyword arguments of a task or a class of tasks; none where it is no dataclass.

    >>> from ntmlab.tasks import Copy
    >>> option_names(Copy)
    ['width', 'min_length', 'max_length', 'blanks']
    """
    known: Any = task if dataclasses.is_dataclass(task) else None
    return (
        [] if known is None else [field.name for field in dataclasses.fields(known) if field.init]
    )


def of_length(task: Task, length: int) -> Task:
    """The task with sequences of another length, in steps; raises InputError if it has only one.

    >>> from ntmlab.tasks import make_task
    >>> of_length(make_task("dynamic-ngrams"), 1000).steps
    1000
    """
    if "length" not in option_names(task):
        raise InputError(f"task {task.name} has no length that could be another")
    known: Any = task
    try:
        longer: Task = dataclasses.replace(known, length=length)
    except (TypeError, ValueError) as error:  # as where it was made with more than it keeps
        raise InputError(f"task {task.name} cannot be made of another length: {error}") from None
    return longer

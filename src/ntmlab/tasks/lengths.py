"""Tasks whose sequences could have another length."""

import dataclasses
from typing import Any

from ntmlab.errors import InputError
from ntmlab.sequences import Task


def of_length(task: Task, length: int) -> Task:
    """The task with sequences of another length, in steps; raises InputError if it has only one.

    >>> from ntmlab.tasks import make_task
    >>> of_length(make_task("dynamic-ngrams"), 1000).steps
    1000
    """
    fields: dict[str, dataclasses.Field[int]] = getattr(task, "__dataclass_fields__", {})
    if "length" not in fields or not fields["length"].init:
        raise InputError(f"task {task.name} has no length that could be another")
    known: Any = task
    longer: Task = dataclasses.replace(known, length=length)
    return longer

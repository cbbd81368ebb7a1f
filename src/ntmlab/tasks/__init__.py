"""Tasks, one a file: each draws sequences and knows what is scored and its optimal predictor."""

from typing import Any

from ntmlab.errors import InputError, unknown_name
from ntmlab.sequences import Task
from ntmlab.tasks.dynamic_ngrams import DynamicNGrams, as_sequences

TASKS = {DynamicNGrams.name: DynamicNGrams}

__all__ = ["TASKS", "DynamicNGrams", "as_sequences", "make_task"]


def make_task(name: str, **options: Any) -> Task:
    """The task of a name; raises InputError for an unknown name or option, or a wrong value."""
    if name not in TASKS:
        raise unknown_name("task", name, TASKS)
    try:
        return TASKS[name](**options)
    except TypeError as error:
        raise InputError(f"task {name}: {error}") from None

"""Tasks, one a file: each draws sequences and knows what is scored and its optimal predictor."""

from collections.abc import Mapping
from typing import Any

from ntmlab.errors import InputError, unknown_name
from ntmlab.sequences import Task
from ntmlab.tasks.copy import Copy
from ntmlab.tasks.dynamic_ngrams import DynamicNGrams, as_sequences
from ntmlab.tasks.recall import Recall
from ntmlab.tasks.repeat_copy import RepeatCopy
from ntmlab.tasks.sort import PrioritySort

TASKS: dict[str, type[Copy | DynamicNGrams | PrioritySort | Recall | RepeatCopy]] = {
    Copy.name: Copy,
    RepeatCopy.name: RepeatCopy,
    Recall.name: Recall,
    DynamicNGrams.name: DynamicNGrams,
    PrioritySort.name: PrioritySort,
}

__all__ = [
    "TASKS",
    "Copy",
    "DynamicNGrams",
    "PrioritySort",
    "Recall",
    "RepeatCopy",
    "as_sequences",
    "fix_sizes",
    "make_task",
]


def make_task(name: str, **options: Any) -> Task:
    """The task of a name; raises InputError for an unknown name or option, or a wrong value."""
    if name not in TASKS:
        raise unknown_name("task", name, TASKS)
    try:
        return TASKS[name](**options)
    except (TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"task {name}: {error}") from None


def fix_sizes(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Task options for sizes as the command line names them: a length of 7 is always 7.

    >>> fix_sizes("copy", {"length": 7})
    {'min_length': 7, 'max_length': 7}

    Raises InputError for an unknown task or a size it does not have.
    """
    if name not in TASKS:
        raise unknown_name("task", name, TASKS)
    sizes = TASKS[name].sizes
    for size in given:
        if size not in sizes:
            known = ", ".join(f"--{known}" for known in sizes) or "no sizes"
            raise InputError(f"task {name} has no --{size}; it takes {known}")
    return {option: value for size, value in given.items() for option in sizes[size]}

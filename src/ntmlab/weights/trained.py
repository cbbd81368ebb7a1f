"""Trained models with the task their card names."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ntmlab.errors import InputError
from ntmlab.models import Model
from ntmlab.sequences import Task
from ntmlab.tasks import fix_sizes, make_task, task_of_card
from ntmlab.weights import load_weights, read_card, weights_path


class Trained(NamedTuple):
    """A model, its task, those of its options that a model is bound to, and all of them."""

    name: str
    model: Model
    task: str
    form: dict[str, Any]
    task_options: dict[str, Any]

    def make_task(self, sizes: Mapping[str, Any]) -> Task:
        """The task that this model was trained on, of the sizes given."""
        sized = fix_sizes(self.task, sizes, **self.task_options)
        return make_task(self.task, **self.task_options | sized)


def load_trained(name: str, *tasks: str) -> Trained:
    """A model by shipped name, run folder or weights file.

    Raises InputError if there is none, or its task is not among ``tasks``, where some are given.
    """
    path = weights_path(name)
    task, options = task_of_card(read_card(path), f"the card of model {name}")
    if tasks and task not in tasks:
        raise InputError(f"model {name} is for task {task}; this takes {' or '.join(tasks)}")
    form = make_task(task, **options).form
    bound = {key: options[key] for key in form if key in options}
    return Trained(name, load_weights(path), task, bound, options)

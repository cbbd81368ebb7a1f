"""The recipe of any task and any model, by their specifications."""

import re

from ntmlab.models import split_model
from ntmlab.recipes.recipe import Recipe
from ntmlab.tasks import split_task

SEQUENCES, VALIDATE_EVERY = 100_000, 5_000
MOST_CHARACTERS = 100  # of a name, since it becomes a folder's


def own_recipe(task: str, model: str) -> Recipe:
    """A recipe that trains a model on a task, both by specification: Adam, batches of 16.

    Its name follows from both. Raises InputError for unknown names, or options that the task or a
    built-in model does not take.

    >>> recipe = own_recipe("dynamic-ngrams:order=4", "lstm:hidden_size=64,layers=1")
    >>> recipe.name
    'dynamic-ngrams-order=4-lstm-hidden_size=64-layers=1'
    """
    (task_name, task_options), (model_name, model_options) = split_task(task), split_model(model)
    recipe = Recipe(
        name=re.sub(r"[^\w=.+-]+", "-", f"{task}-{model}")[:MOST_CHARACTERS],
        about=f"{model} on {task}",
        model=model_name,
        model_options=model_options,
        task=task_name,
        task_options=task_options,
        sequences=SEQUENCES,
        validate_every=VALIDATE_EVERY,
    )
    recipe.check_options()
    return recipe

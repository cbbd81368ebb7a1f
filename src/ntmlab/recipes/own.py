"""The recipe of any task and any model, by their specifications."""

from collections.abc import Iterable
from dataclasses import replace

from ntmlab.errors import InputError
from ntmlab.models import split_model
from ntmlab.recipes.recipe import Recipe
from ntmlab.specifications import folder_name, write_specification
from ntmlab.tasks import specification, split_task

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
        name=_name(task, model),
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


def named_anew(recipe: Recipe) -> Recipe:
    """Such a recipe under the name of what it now is, after options of task or model were set.

    >>> recipe = own_recipe("hmm:mess3", "lstm:hidden_size=8").override(["model.hidden_size=9"])
    >>> named_anew(recipe).name
    'hmm-mess3-lstm-hidden_size=9'
    """
    task = specification(recipe.task, recipe.task_options)
    model = write_specification(recipe.model, recipe.model_options)
    return replace(recipe, name=_name(task, model), about=f"{model} on {task}")


def check_own(keys: Iterable[str]) -> None:
    """Raises InputError where settings name the task or the model that such a recipe is of."""
    for key in keys:
        if key in ("task", "model"):
            raise InputError(f"{key} is no setting where --model names the run: give --{key}")


def _name(task: str, model: str) -> str:
    """Both specifications as the name of a folder; one that is cut keeps what tells it apart."""
    return folder_name(f"{task}-{model}", MOST_CHARACTERS, MOST_CHARACTERS - 9)

"""What training sequences may have beside the task's own, and from when on."""

from typing import TYPE_CHECKING

from ntmlab.errors import InputError

if TYPE_CHECKING:
    from ntmlab.recipes.recipe import Recipe


def check_shown(recipe: "Recipe") -> None:
    """Raises InputError for training options that do not fit the task, or nothing to change to."""
    if recipe.training_options:
        task, shown = recipe.make_task(), recipe.shown_task()
        if (shown.input_size, shown.output_size) != (task.input_size, task.output_size):
            raise InputError(
                f"training has inputs and outputs of {shown.input_size} and {shown.output_size} "
                f"numbers, the task of {task.input_size} and {task.output_size}: training_options "
                "must leave them as they are"
            )
    if recipe.training_after < 0:
        raise _out_of_range(recipe)
    if recipe.training_after and not recipe.training_options:
        raise InputError("training_after needs training_options: nothing changes after it")
    if recipe.training_after and recipe.longest:
        raise InputError("training_after and longest are not for one recipe: set one to 0")


def check_reached(recipe: "Recipe") -> None:
    """Raises InputError where training ends before what comes after so many sequences."""
    if recipe.training_after >= recipe.sequences:
        raise _out_of_range(recipe)


def _out_of_range(recipe: "Recipe") -> InputError:
    return InputError(
        f"training_after must be from 0 to below sequences, {recipe.sequences:,}, "
        f"not {recipe.training_after:,}"
    )

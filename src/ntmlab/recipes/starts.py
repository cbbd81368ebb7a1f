"""What a recipe may ask of draws of weights after the first: against a plateau, or to choose."""

from typing import TYPE_CHECKING, Final

from ntmlab.errors import InputError

if TYPE_CHECKING:
    from ntmlab.recipes.recipe import Recipe

NEVER_AGAIN: Final = "restarts=0 and restart_every=0"
ONE_START: Final = "starts=1 and start_sequences=0"


def check_restarts(recipe: "Recipe") -> None:
    """Raises InputError for settings of restarts that do not go together."""
    if recipe.restarts == 0 and recipe.restart_every == 0:
        return
    if recipe.restarts < 1 or recipe.restart_every < 1:
        raise InputError("restarts and restart_every are set together, each at least 1, or not")
    if recipe.weights:
        raise InputError(
            "restarts draw other weights, so that a run that begins with weights has none: "
            f"set {NEVER_AGAIN}"
        )
    if recipe.restart_every % recipe.validate_every:
        raise InputError(
            f"restart_every must be a multiple of validate_every, {recipe.validate_every}, not "
            f"{recipe.restart_every}: a run starts again where a row of metrics is written; it "
            f"never does with {NEVER_AGAIN}"
        )


def check_starts(recipe: "Recipe") -> None:
    """Raises InputError for settings of several starts that do not go together."""
    starts, each = recipe.starts, recipe.start_sequences
    if starts == 1 and each == 0:
        return
    if starts < 2 or each < 1:
        raise InputError(
            "starts and start_sequences are set together, at least 2 and 1, or not; one start is "
            f"{ONE_START}"
        )
    if recipe.weights:
        raise InputError(
            f"starts draw weights, so that a run that begins with weights has one: set {ONE_START}"
        )
    if recipe.restarts:
        raise InputError(f"starts and restarts are not for one recipe: set {NEVER_AGAIN}")
    if each % recipe.validate_every or each < recipe.batch:
        raise InputError(
            f"start_sequences must be a multiple of validate_every, {recipe.validate_every}, and "
            f"at least batch, {recipe.batch}, not {each}: a start ends where a row of metrics is "
            "written"
        )
    if starts * each >= recipe.sequences:
        raise InputError(
            f"{starts} starts of {each:,} sequences leave none of {recipe.sequences:,} for the one "
            f"that goes on: set less of either, or {ONE_START}"
        )

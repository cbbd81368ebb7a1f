"""The recipes that come with the package, one file a task.

``docs/log.md`` says how their values were found.
"""

from ntmlab.errors import unknown_name
from ntmlab.recipes import copy, ngrams, recall, repeat_copy, sort
from ntmlab.recipes.own import check_own, named_anew, own_recipe
from ntmlab.recipes.recipe import Recipe

_FILES = (ngrams, copy, repeat_copy, recall, sort)
RECIPES: dict[str, Recipe] = {recipe.name: recipe for file in _FILES for recipe in file.RECIPES}

__all__ = ["RECIPES", "Recipe", "check_own", "find_recipe", "named_anew", "own_recipe"]


def find_recipe(name: str) -> Recipe:
    """The recipe of a name; raises InputError for an unknown one, with the nearest names."""
    if name not in RECIPES:
        raise unknown_name("recipe", name, RECIPES)
    return RECIPES[name]

"""One run of a study, its name, and the name that it has in a folder that knows it already."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from ntmlab.recipes import Recipe
from ntmlab.specifications import folder_name, spell_value

LONGEST_NAME: Final = 150  # it becomes a folder's


class Unit(NamedTuple):
    """One run of a study."""

    recipe: Recipe
    seed: int
    settings: dict[str, str]  # those that the study varies, as `ntmlab train --set` takes them


def unit_name(recipe: str, settings: Mapping[str, str], seed: int) -> str:
    """A name that is a folder's too.

    >>> unit_name("copy-ntm", {"model.slots": "8", "learning_rate": "0.001"}, 0)
    'copy-ntm-model.slots=8-learning_rate=0.001-seed0'
    """
    text = "-".join([recipe, *(f"{key}={value}" for key, value in settings.items())])
    return f"{folder_name(text, LONGEST_NAME, LONGEST_NAME)}-seed{seed}"


def begun_as(name: str, recipe: str, settings: Mapping[str, str], seed: int) -> str:
    """The recipe's name before settings were made, as a run's name begins.

    A model on a task is named after its settings too, so that runs of several values have none in
    common. A name too long to be whole does not tell: it is the recipe's own.

    >>> begun_as("hmm-lstm-model.hidden_size=9-seed0", "hmm-lstm-hidden_size=9",
    ...          {"model.hidden_size": "9"}, 0)
    'hmm-lstm'
    """
    end = unit_name("", settings, seed)
    return name.removesuffix(end) if name.endswith(end) else recipe


def as_there(there: Mapping[str, Unit], given: Mapping[str, Unit]) -> dict[str, Unit]:
    """The given runs, their settings spelled, and they named, as those of a folder are.

    A folder that was begun when `1e-3` was a value of another name than `0.001` has its runs found
    so, and others of that value beside them. A name too long to be whole stays as it is given.
    """
    spelled = {
        (key, spell_value(text)): text
        for unit in there.values()
        for key, text in unit.settings.items()
    }
    named = {}
    for name, unit in given.items():
        own = {k: spelled.get((k, spell_value(v)), v) for k, v in unit.settings.items()}
        end = unit_name("", unit.settings, unit.seed)
        if name in there or not name.endswith(end):
            named[name] = unit
        else:
            kept = f"{name.removesuffix(end)}{unit_name('', own, unit.seed)}"
            named[kept] = unit._replace(settings=own)
    return named

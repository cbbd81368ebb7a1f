"""A search: the points of a study that are proposed while it runs, by Optuna's sampler.

The folder of the sweep is the record. At each proposal a study in memory is made anew from the
points so far and what their runs came to, and a sampler from a seed and the point's number. A point
sees the results of all but the last ``ahead`` - 1 before it, whether these are known or not: so the
points of a search are the same however many runs there are at once, and whatever disturbs them.
"""

import json
import math
import statistics
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.extras import import_extra
from ntmlab.recipes import Recipe
from ntmlab.records import Record
from ntmlab.runs.results import validation_cost, validation_key
from ntmlab.runs.status import last_row
from ntmlab.specifications import spell_value
from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.space import read_space

SEED: Final = 0  # of proposals

Point = dict[str, str]  # a value of each setting


class Search(NamedTuple):
    """What is searched, and what was proposed so far."""

    recipe: Recipe  # what is not searched
    is_own: bool  # a model on a task, named after its settings
    grid: dict[str, list[str]]  # a range or values for each setting
    seeds: list[int]  # that each point is trained from
    points: int
    ahead: int
    made: list[Point]

    def to_json(self) -> Record:
        """The search as `study.json` keeps it."""
        return {**self._asdict(), "recipe": self.recipe.to_json(), "sampler_seed": SEED}

    @classmethod
    def from_json(cls, value: Any) -> "Search":
        """The search of `to_json`; raises ValueError, KeyError or TypeError where it is damaged."""
        recipe, seeds = Recipe.from_json(value["recipe"]), [int(seed) for seed in value["seeds"]]
        grid = {str(k): [str(v) for v in values] for k, values in value["grid"].items()}
        numbers = (int(value["points"]), int(value["ahead"]))
        return cls(recipe, bool(value["is_own"]), grid, seeds, *numbers, list(value["made"]))

    def larger(self, other: "Search") -> "Search":
        """The same search with the points of both; raises ValueError where it is another."""
        one, another = (s._spelled()._replace(points=0, made=[]).to_json() for s in (self, other))
        if json.dumps(one) != json.dumps(another):
            raise ValueError
        made = max(self.made, other.made, key=len)
        return self._replace(points=max(self.points, other.points), made=made)

    def _spelled(self) -> "Search":
        """The same search, each value in its one spelling."""
        return self._replace(grid={k: [spell_value(v) for v in vs] for k, vs in self.grid.items()})


def make_search(
    recipe: Recipe, grid: Mapping[str, list[str]], numbers: Mapping[str, Any], *, is_own: bool
) -> Search:
    """A search that has proposed nothing; ``numbers`` are seeds, points, and ahead.

    Raises InputError where a setting does not take the ends of its range, or there is none to vary.
    """
    if min(numbers["points"], numbers["ahead"]) < 1:
        raise InputError("a search has at least 1 point, and is at least 1 ahead")
    space = read_space(grid)
    if not space:
        raise InputError("a search needs a range to choose from: --set learning_rate=1e-4..1e-2")
    fixed = [f"{key}={values[0]}" for key, values in grid.items() if key not in space]
    for key, choice in space.items():
        for end in choice.ends:
            recipe.override([*fixed, f"{key}={end}"])
    varied = {key: grid[key] for key in space}
    return Search(recipe.override(fixed), is_own, varied, **numbers, made=[])


def propose(search: Search, values: list[float | None]) -> Point:
    """The next point; ``values`` are what the first points came to, None where a run failed.

    Points without a value are to the sampler worse than all others, those that failed and those
    that it is not to know of yet: it looks elsewhere. Deterministic.
    """
    optuna = import_extra("optuna", "search")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    space, number = read_space(search.grid), len(search.made)
    distributions = {k: one.distribution(optuna.distributions) for k, one in space.items()}
    (drawn,) = np.random.SeedSequence([SEED, number]).generate_state(1)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=int(drawn)))
    for place, point in enumerate(search.made):
        value = values[place] if place < len(values) else None
        told: dict[str, Any] = {"params": {k: space[k].value(text) for k, text in point.items()}}
        states = optuna.trial.TrialState
        told |= {"state": states.PRUNED} if value is None else {"value": value}
        study.add_trial(optuna.trial.create_trial(distributions=distributions, **told))
    chosen = study.ask(distributions).params
    return {key: space[key].text(chosen[key]) for key in search.grid}


def known(search: Search) -> int:
    """How many of the first points the next one sees the results of."""
    return max(0, len(search.made) - search.ahead + 1)


def value_of(
    sweep: Sweep, search: Search, names: list[str], states: Mapping[str, str]
) -> float | None:
    """What a point came to: the mean over its seeds of the last validation's cost; None if failed.

    The cost is the gap where the optimum is known, else bits.
    """
    if any(states[name] == attempts.FAILED for name in names):
        return None
    key = validation_key(search.recipe.make_task())
    paths = [sweep.run(name) for name in names]
    mean = statistics.fmean(validation_cost(last_row(path), key, path) for path in paths)
    return mean if math.isfinite(mean) else None

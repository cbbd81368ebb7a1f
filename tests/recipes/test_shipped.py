"""A recipe is still the one that its shipped runs were of, number for number."""

import json

import pytest

from ntmlab.recipes import RECIPES, Recipe
from ntmlab.runs.results import shipped_runs
from ntmlab.weights import read_card, shipped

QUICK = {f"{task}-quick" for task in ("copy", "ngrams", "recall", "repeat-copy", "sort")}
LEAST = Recipe(name="", about="", model="").to_json()
RUNS = {name: shipped_runs(name) for name in RECIPES}


def test_all_were_run_but_those_of_minutes():
    assert {name for name, runs in RUNS.items() if not runs} == QUICK


@pytest.mark.parametrize("name", sorted(RECIPES.keys() - QUICK))
def test_a_recipe_is_what_its_runs_and_its_weights_say(name):
    """What they are too old to have is what switches it off."""
    kept = [json.loads((run / "config.json").read_text())["recipe"] for run in RUNS[name]]
    if name in shipped():
        kept.append(read_card(shipped()[name])["recipe"])
    for recipe in kept:
        assert {**LEAST, **recipe} == json.loads(json.dumps(RECIPES[name].to_json()))

"""Training on a task with other options than it is validated with: what changes, what does not."""

import dataclasses
import json

import pytest

from ntmlab.errors import InputError
from ntmlab.recipes import Recipe, find_recipe
from ntmlab.runs.folder import RunFolder
from ntmlab.tasks import Copy
from ntmlab.training import train
from ntmlab.training.lengths import MixedLengths, training_sampler
from ntmlab.training.loop import Observer, Trainer


def test_training_shows_them_and_validation_does_not(tmp_path):
    recipe = find_recipe("copy-ntm").override(["training.blanks=0.3"])
    course = Trainer(RunFolder(tmp_path / "run"), recipe, 0, Observer())
    assert course.drawn_from == Copy(blanks=0.3)
    assert course.task == Copy()
    longer = find_recipe("ngrams-quick").override(["training.length=60", "longest=90"])
    sampler = training_sampler(longer)
    assert isinstance(sampler, MixedLengths)
    assert (sampler.shortest, sampler.longest) == (60, 90)


def test_without_them_a_run_is_as_it_was_to_the_bit(tmp_path):
    small = ["sequences=64", "validate_every=32", "restarts=0", "restart_every=0"]
    none = find_recipe("copy-ntm").override([*small, "training.blanks=0"])
    without = dataclasses.replace(none, training_options={})
    assert train(none, 1, tmp_path / "none")
    assert train(without, 1, tmp_path / "without")
    assert train(none.override(["training.blanks=0.5"]), 1, tmp_path / "some")
    none, without, some = (
        (tmp_path / name / "metrics.jsonl").read_text() for name in ("none", "without", "some")
    )
    assert none == without != some


def test_a_recipe_keeps_them_in_its_file_and_older_files_have_none():
    recipe = find_recipe("copy-ntm").override(["training.blanks=0.3"])
    kept = json.loads(json.dumps(recipe.to_json()))
    assert kept["training_options"] == {"blanks": 0.3}
    assert Recipe.from_json(kept) == recipe
    del kept["training_options"]
    assert Recipe.from_json(kept).shown_task() == Copy()


@pytest.mark.parametrize(
    ("name", "setting", "said"),
    [
        (
            "recall-ntm",
            "training.blanks=0.1",
            r"unknown training option 'blanks' "
            r"\(known: alike, item_length, max_items, min_items, width\)",
        ),
        ("recall-ntm", "training.alike=1", "a probability, from 0 to below 1, not 1"),
        ("copy-ntm", "training.width=7", "inputs and outputs of 8 and 7 numbers, the task of 9"),
        ("copy-ntm", "training.blanks=1", "a probability, from 0 to below 1, not 1"),
        ("copy-ntm", "training.blanks=-0.1", "not -0.1"),
        ("copy-ntm", "training.blanks=true", "a probability, from 0 to below 1, not True"),
        ("copy-ntm", "task.blanks=NaN", "a probability, from 0 to below 1, not nan"),
        ("copy-ntm", "blanks=0.1", "unknown recipe key 'blanks'"),
    ],
)
def test_what_they_cannot_be_is_said(name, setting, said):
    with pytest.raises(InputError, match=said):
        find_recipe(name).override([setting])

"""Training on a task with other options than it is validated with: what changes, what does not."""

import dataclasses
import json

import pytest
import torch

from ntmlab.errors import InputError
from ntmlab.recipes import Recipe, find_recipe
from ntmlab.runs.folder import RunFolder
from ntmlab.tasks import Copy
from ntmlab.tasks.draws import TRAINING_START
from ntmlab.training import resume, train
from ntmlab.training.data import batches
from ntmlab.training.lengths import MixedLengths
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.shown import training_sampler
from tests.training.test_loop import assert_same_run, stopped_after


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


def test_so_many_sequences_of_the_tasks_own_come_first_and_are_resumed_among_both(tmp_path):
    settings = ["training.blanks=0.9", "training.max_length=4", "training_after=40"]
    recipe = find_recipe("copy-quick").override([*settings, "sequences=96", "validate_every=16"])
    drawn = list(batches(training_sampler(recipe), 5, 8, 0, 96))
    own = Copy().sample(96, 5, TRAINING_START)
    others = Copy(blanks=0.9, max_length=4).sample(96, 5, TRAINING_START)
    for number, found in enumerate(drawn):
        rows = slice(8 * number, 8 * number + 8)
        expected = (own if number < 5 else others).take(rows).trim()
        assert all(map(torch.equal, found[:3], expected[:3]))
    between = training_sampler(recipe).sample(8, 5, TRAINING_START + 37)
    for rows, first, task in ((slice(0, 3), 37, own), (slice(3, 8), 40, others)):
        expected = task.take(slice(first, first + rows.stop - rows.start)).trim()
        assert all(map(torch.equal, between.take(rows).trim()[:3], expected[:3]))
    assert train(recipe, 1, tmp_path / "whole")
    stopped_after(tmp_path / "parts", 32, recipe)
    assert resume(tmp_path / "parts")
    assert_same_run(tmp_path / "parts", tmp_path / "whole")


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
        ("copy-ntm", "training_after=-1", "from 0 to below sequences, 80,000, not -1"),
        ("copy-ntm", "training_after=80000", "below sequences, 80,000, not 80,000"),
        ("copy-ntm", "training_after=2.5", "training_after must be of type int, not 2.5"),
        ("copy-ntm-lstm", "training_after=5", "training_after needs training_options"),
    ],
)
def test_what_they_cannot_be_is_said(name, setting, said):
    with pytest.raises(InputError, match=said):
        find_recipe(name).override([setting])


def test_a_shorter_run_of_a_recipe_ends_before_what_comes_later():
    recipe = find_recipe("recall-ntm-lstm")
    assert 40_000 < recipe.training_after < recipe.sequences
    short = recipe.override(["sequences=40000"])
    shown = training_sampler(short).sample(6, 3, TRAINING_START + 39_990)
    assert torch.equal(shown.inputs, short.make_task().sample(6, 3, TRAINING_START + 39_990).inputs)


def test_after_so_many_is_not_for_mixed_lengths():
    settings = ["training.length=60", "longest=90", "training_after=100"]
    with pytest.raises(InputError, match="training_after and longest are not for one recipe"):
        find_recipe("ngrams-quick").override(settings)

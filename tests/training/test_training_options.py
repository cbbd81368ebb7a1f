"""Training on more blank vectors than fair bits have: which they are, and what stays as it was."""

import dataclasses
import json

import numpy as np
import pytest
import torch

from ntmlab.errors import InputError
from ntmlab.recipes import Recipe, find_recipe
from ntmlab.runs.folder import RunFolder
from ntmlab.tasks import Copy, RepeatCopy
from ntmlab.training import train
from ntmlab.training.lengths import MixedLengths, training_sampler
from ntmlab.training.loop import Observer, Trainer

TASKS = [
    Copy(width=8, min_length=20),
    RepeatCopy(width=8, min_length=10, min_repeats=1, max_repeats=1),
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_so_many_vectors_are_blank_and_the_others_as_without(task):
    sequences, length = 20_000, task.min_length
    plain = task.sample(sequences, 3)
    found = dataclasses.replace(task, blanks=0.3).sample(sequences, 3)
    was, now = (drawn.inputs[:, :length, :8] for drawn in (plain, found))
    blank, before = (given.sum(2) == 0 for given in (now, was))
    share = 0.3 + 0.7 / 256
    error = np.sqrt(share * (1 - share) / blank.numel())
    assert abs(blank.float().mean().item() - share) < 5 * error
    assert torch.equal(now[~blank], was[~blank])
    assert bool(blank[before].all())
    # Blank vectors are blank where they are to be said, and neighbours are blank independently.
    assert torch.equal(found.targets[:, length + 1 : 2 * length + 1, :8], now)
    pairs = (blank[:, 1:] & blank[:, :-1]).float().mean().item()
    assert abs(pairs - share**2) < 5 * np.sqrt(share**2 / pairs_of(blank))
    assert torch.equal(found.mask, plain.mask)


def pairs_of(blank):
    """How many neighbours there are, each counted with at most one other."""
    return blank[:, 1:].numel() / 2


def test_a_sequence_is_the_same_however_many_are_drawn():
    task = Copy(blanks=0.3, min_length=20)
    whole = task.sample(600, 5)
    assert torch.equal(task.sample(300, 5, 200).inputs, whole.inputs[200:500])


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
        ("recall-ntm", "training.blanks=0.1", "unknown training option 'blanks'"),
        ("copy-ntm", "training.width=7", "inputs and outputs of 8 and 7 numbers, the task of 9"),
        ("copy-ntm", "training.blanks=1", "part of the vectors, from 0 to below 1, not 1"),
        ("copy-ntm", "training.blanks=-0.1", "not -0.1"),
        ("copy-ntm", "training.blanks=true", "part of the vectors, from 0 to below 1, not True"),
        ("copy-ntm", "task.blanks=NaN", "part of the vectors, from 0 to below 1, not nan"),
        ("copy-ntm", "blanks=0.1", "unknown recipe key 'blanks'"),
    ],
)
def test_what_they_cannot_be_is_said(name, setting, said):
    with pytest.raises(InputError, match=said):
        find_recipe(name).override([setting])

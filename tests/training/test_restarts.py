"""A run that has learnt nothing starts again, and is resumable there as anywhere."""

import warnings

import numpy as np
import pytest
import torch

from ntmlab import load_model
from ntmlab.errors import Remark
from ntmlab.recipes import own_recipe
from ntmlab.runs.folder import create
from ntmlab.training import read_metrics, resume, train
from ntmlab.training.data import batches
from ntmlab.training.loop import Observer, Trainer
from tests.training.test_loop import RECIPE, assert_same_run, stopped_after

ALWAYS = RECIPE.override(["restarts=2", "restart_every=100", "decay=1"])


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that starts again twice, never interrupted."""
    path = tmp_path_factory.mktemp("runs") / "whole"
    assert train(ALWAYS, 1, path)
    return path


def test_rows_say_how_often(whole):
    rows = read_metrics(whole)
    assert [row["sequences"] for row in rows] == [112, 208, 304, 400, 480]
    assert [row["restarts"] for row in rows] == [0, 1, 2, 2, 2]
    assert rows[-1]["learning_rate"] == 0.0


def test_nothing_of_the_start_before_is_left(whole, tmp_path):
    """The same as a new model of the drawn weights, trained from there on by the same rates."""
    fresh = Trainer(create(tmp_path / "fresh", RECIPE, 1), ALWAYS, 1, Observer())
    torch.manual_seed(int(np.random.SeedSequence((1, 2)).generate_state(1)[0]))
    fresh.model.load_state_dict(ALWAYS.make_model().state_dict())
    fresh.progress.sequences = 208
    for sequences in batches(fresh.task, 1, ALWAYS.batch, 208, ALWAYS.sequences):
        fresh.way.take(sequences)
        fresh.progress.sequences += len(sequences.inputs)
    ended = load_model(str(whole)).state_dict()
    assert all(torch.equal(ended[k], v) for k, v in fresh.model.state_dict().items())


def test_a_run_that_learns_is_the_run_without_the_rule(whole, tmp_path):
    never = ALWAYS.override(["restart_above=1e9"])
    plain = RECIPE.override(["decay=1"])
    for recipe, name in ((never, "never"), (plain, "plain")):
        assert train(recipe, 1, tmp_path / name)
    rows = read_metrics(tmp_path / "never")
    assert all(row.pop("restarts") == 0 for row in rows)
    assert rows == read_metrics(tmp_path / "plain")
    assert rows[0]["bits"] == read_metrics(whole)[0]["bits"]
    assert rows[1]["bits"] != read_metrics(whole)[1]["bits"]


@pytest.mark.parametrize("sequences", [96, 112, 208, 300])
def test_resume_changes_no_bit(whole, tmp_path, sequences):
    stopped_after(tmp_path / "run", sequences, ALWAYS)
    assert resume(tmp_path / "run")
    assert_same_run(tmp_path / "run", whole)


@pytest.mark.parametrize(("made", "remarks"), [("lazy", 0), ("GRU", 0), ("Tied", 0), ("seeded", 2)])
def test_models_of_ones_own_start_again_with_weights_that_were_drawn(tmp_path, made, remarks):
    """A lazy one ended in a traceback; one that sets the seed began as before in silence."""
    rule = ["restarts=2", "restart_every=16", "restart_above=0", "learning_rate=0"]
    recipe = own_recipe("dynamic-ngrams:order=2,length=6", f"tests.models.own:{made}")
    recipe = recipe.override([*rule, "batch=8", "sequences=64", "validate_every=16"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert train(recipe, 1, tmp_path / "run")
    said = [str(one.message) for one in caught if issubclass(one.category, Remark)]
    assert ["that it always begins with" in one for one in said] == [True] * remarks
    bits = [round(row["bits"], 6) for row in read_metrics(tmp_path / "run")]
    assert bits[2] == bits[3]  # at rate 0 a start says one thing, and each another
    assert len(set(bits)) == (1 if remarks else 3)


def test_a_model_that_learns_its_sizes_begins_with_weights(tmp_path):
    recipe = own_recipe("dynamic-ngrams:order=2,length=6", "tests.models.own:lazy")
    recipe = recipe.override(["sequences=16", "learning_rate=0"])
    assert train(recipe, 1, tmp_path / "first")
    assert train(recipe.override([f"weights={tmp_path / 'first'}"]), 2, tmp_path / "second")
    first, second = (load_model(str(tmp_path / name)).state_dict() for name in ("first", "second"))
    assert all(torch.equal(value, second[name]) for name, value in first.items())

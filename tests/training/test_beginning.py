"""Runs that begin with the weights of a model."""

import shutil

import numpy as np
import pytest
import torch

from ntmlab import InputError, load_model
from ntmlab.errors import Remark
from ntmlab.training import complete, find_recipe, resume, train, train_longer
from ntmlab.training.many import Place, complete_together
from tests.training.test_loop import RECIPE, assert_same_run, stopped_after

NEVER_AGAIN = ["restarts=0", "restart_every=0"]


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A run whose weights others begin with."""
    path = tmp_path_factory.mktemp("runs") / "first"
    assert train(RECIPE, 7, path)
    return path


def begins_with(weights, *settings):
    return RECIPE.override([f"weights={weights}", "snapshots=1", *settings])


def test_a_run_begins_with_the_weights_and_not_with_a_draw(first, tmp_path):
    assert train(begins_with(first, "learning_rate=0"), 1, tmp_path / "still")
    assert train(begins_with(first), 1, tmp_path / "on")
    before = load_model(str(first)).state_dict()
    begun = load_model(str(next((tmp_path / "on").glob("**/0.safetensors")))).state_dict()
    still, on = (load_model(str(tmp_path / name)).state_dict() for name in ("still", "on"))
    for name, value in before.items():
        assert torch.equal(still[name], value)
        assert torch.equal(begun[name], value)
        assert not torch.equal(on[name], value)


def test_stopped_and_gone_on_with_it_is_the_same_run_even_if_the_weights_are_gone(first, tmp_path):
    weights = tmp_path / "weights.safetensors"
    for suffix in (".safetensors", ".json"):
        shutil.copy(first / f"model{suffix}", weights.with_suffix(suffix))
    recipe = begins_with(weights)
    assert train(recipe, 1, tmp_path / "whole")
    stopped_after(tmp_path / "parts", 64, recipe)
    weights.unlink()
    assert resume(tmp_path / "parts")
    assert_same_run(tmp_path / "parts", tmp_path / "whole")
    with pytest.warns(Remark, match="its rate fell to 0"):
        assert train_longer(tmp_path / "whole", recipe.sequences + 64, tmp_path / "longer")


def test_a_folder_may_be_a_text_and_a_device_pytorch_s(tmp_path):
    folder, longer = str(tmp_path / "run"), str(tmp_path / "longer")
    assert train(RECIPE, 7, folder, torch.device("cpu"))
    assert complete(RECIPE, 7, folder, torch.device("cpu"))
    with pytest.warns(Remark, match="not the run that would have been asked"):
        assert train_longer(folder, 2 * RECIPE.sequences, longer)
    with pytest.raises(InputError, match="unknown device 'meta'"):
        train(RECIPE, 7, tmp_path / "other", torch.device("meta"))
    assert resume(longer)


@pytest.mark.parametrize("seed", [-1, 2**63, 1.0, True, np.int64(1), torch.tensor(1)])
def test_what_is_no_seed_is_a_line_and_makes_no_folder(tmp_path, seed):
    """Of -1 a folder was left, with the weights of no training."""
    with pytest.raises(InputError, match="the seed must be a whole number from 0 to 92233720368"):
        train(RECIPE, seed, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_seeds_that_step_together_begin_with_them_too(first, tmp_path):
    recipe = begins_with(first)
    alone, together = tmp_path / "alone", [Place(s, tmp_path / f"seed{s}") for s in (1, 2)]
    assert train(recipe, 1, alone)
    assert all(complete_together(recipe, together).values())
    assert_same_run(alone, together[0].path)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["weights=nothing"], "unknown model 'nothing'"),
        (["weights=ngrams-lstm"], "weights ngrams-lstm are of a model lstm, the recipe's is ntm"),
        (["weights=copy-ntm"], r"its input_weights is \(\d+, 1\), theirs \(100, 9\)"),
        (["weights=3"], "weights must be of type str, not 3"),
        (
            ["weights=ngrams-ntm", "restarts=1", "restart_every=500000", "sequences=1000000"],
            "a run that begins with weights has none",
        ),
    ],
)
def test_weights_that_do_not_fit_are_refused_and_no_folder_is_made(settings, message, tmp_path):
    with pytest.raises(InputError, match=message):
        train(find_recipe("ngrams-ntm").override([*NEVER_AGAIN, *settings]), 0, tmp_path / "run")
    assert not (tmp_path / "run").exists()

"""Where a run computes: refusals everywhere, and on a GPU a course as exact as on the CPU."""

import json

import pytest
import torch

from ntmlab import InputError
from ntmlab.runs.folder import create, trained_on
from ntmlab.training import find_recipe, read_metrics, resume, train
from ntmlab.training.device import find_device
from ntmlab.training.loop import Observer, Trainer
from tests.gpu import needs_gpu
from tests.training.test_loop import assert_same_run

SETTINGS = ["sequences=480", "validate_every=100", "model.hidden_size=16", "task.max_length=6"]
RECIPE = find_recipe("copy-lstm").override(SETTINGS)


def test_refusals(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert find_device("cpu", "ntm") == torch.device("cpu")
    with pytest.raises(InputError, match="did you mean 'cuda'"):
        find_device("cudo", "lstm")
    with pytest.raises(InputError, match="all models but an NTM"):
        find_device("cuda", "ntm")
    with pytest.raises(InputError, match="no CUDA device"):
        find_device("cuda", "lstm")


def test_a_run_goes_on_where_it_was_trained(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    run = create(tmp_path / "run", RECIPE, 0)
    assert trained_on(run) == "cpu"
    recorded = json.loads(run.environment.read_text())
    del recorded["device"]  # as runs were before there was a choice
    run.environment.write_text(json.dumps(recorded))
    assert trained_on(run) == "cpu"
    run.environment.write_text(json.dumps({**recorded, "device": "cuda"}))
    with pytest.raises(InputError, match="no CUDA device"):
        resume(run.path)
    run.environment.write_text("[")
    with pytest.raises(InputError, match="damaged"):
        resume(run.path)


def test_no_folder_is_left_by_a_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match="no CUDA device"):
        train(RECIPE, 0, tmp_path / "run", "cuda")
    assert not (tmp_path / "run").exists()


@needs_gpu
def test_a_gpu_repeats_itself_and_resuming_changes_no_bit(tmp_path):
    assert train(RECIPE, 1, tmp_path / "whole", "cuda")
    run = create(tmp_path / "parts", RECIPE, 1, "cuda")
    trainer = Trainer(run, RECIPE, 1, Observer(), find_device("cuda", "lstm"))
    trainer.observer = Observer(should_stop=lambda: trainer.progress.sequences >= 250)
    assert not trainer.train()
    assert resume(run.path)
    assert_same_run(run.path, tmp_path / "whole")


@needs_gpu
def test_a_gpu_follows_the_cpu(tmp_path):
    recipe = RECIPE.override(["sequences=64", "validate_every=64"])
    for device in ("cpu", "cuda"):
        train(recipe, 1, tmp_path / device, device)
    cpu, gpu = (read_metrics(tmp_path / device)[-1] for device in ("cpu", "cuda"))
    assert gpu["bits"] == pytest.approx(cpu["bits"], rel=1e-5)
    assert gpu["train_bits"] == pytest.approx(cpu["train_bits"], rel=1e-5)

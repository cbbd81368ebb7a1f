"""Where a run computes, and what is refused."""

import json

import pytest
import torch

from ntmlab import InputError
from ntmlab.kernels.backend import BACKENDS, Row
from ntmlab.runs.folder import create, trained_on
from ntmlab.training import find_recipe, resume, train
from ntmlab.training.device import find_device, why_no_ntm

SETTINGS = ["sequences=480", "validate_every=100", "model.hidden_size=16", "task.max_length=6"]
RECIPE = find_recipe("copy-lstm").override(SETTINGS)


def test_refusals(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert find_device("cpu", "ntm") == torch.device("cpu")
    with pytest.raises(InputError, match="did you mean 'cuda'"):
        find_device("cudo", "lstm")
    for model in ("lstm", "ntm"):
        with pytest.raises(InputError, match="no CUDA device"):
            find_device("cuda", model)


def test_an_ntm_trains_where_its_kernel_can_run(monkeypatch):
    others = [row for row in BACKENDS["ntm_scan"] if row.name != "cuda"]
    tensors = [torch.zeros(1)]
    monkeypatch.setitem(BACKENDS, "ntm_scan", tuple(others))
    assert why_no_ntm(tensors) == "its scan has no kernel for a GPU"
    for answer in ("it needs a driver", None):
        row = Row("cuda", "nowhere", lambda tensors, answer=answer: answer)
        monkeypatch.setitem(BACKENDS, "ntm_scan", (row, *others))
        assert why_no_ntm(tensors) == answer


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

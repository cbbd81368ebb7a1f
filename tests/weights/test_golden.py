"""Shipped weights give the numbers that were published with them."""

import hashlib

import pytest
import torch
from safetensors.torch import load_file

from ntmlab.evaluation.evaluate import evaluate
from ntmlab.models import ModulePredictor
from ntmlab.runs.folder import read_config
from ntmlab.runs.results import shipped_runs
from ntmlab.tasks import make_task
from ntmlab.training import read_metrics
from ntmlab.weights import load_model, read_card, shipped


def last_row(name):
    """The last validation of the seed whose weights are shipped."""
    seed = read_card(shipped()[name])["seed"]
    (run,) = [path for path in shipped_runs(name) if read_config(path)[2] == seed]
    return read_metrics(run)[-1]


def is_half(name):
    """Whether the weights were rounded to half precision for the package."""
    return any(t.dtype == torch.float16 for t in load_file(shipped()[name]).values())


@pytest.mark.parametrize("name", shipped())
def test_the_evaluation_set_gives_the_last_row_of_the_metrics(name):
    card = read_card(shipped()[name])
    last = last_row(name)
    assert last["sequences"] == card["sequences"]
    task = make_task(card["task"], **card["task_options"])
    score = evaluate(task, {"model": ModulePredictor(load_model(name))}, 1000, seed=0)["model"]
    rounding = {"abs": 2e-3, "rel": 0.02 if is_half(name) else 1e-6}
    assert score.bits == pytest.approx(last["bits"], **rounding)
    assert score.kl == pytest.approx(last["kl"], **rounding)


@pytest.mark.parametrize("name", shipped())
def test_the_card_agrees_with_the_metrics_within_error(name):
    score = read_card(shipped()[name])["score"]
    last = last_row(name)
    error = (score["kl_se"] ** 2 + last["kl_se"] ** 2) ** 0.5
    # Where the optimum costs nothing, rare mistakes make the cost of all: errors say less there.
    rare = (
        0.0 if read_card(shipped()[name])["task"] == "dynamic-ngrams" else 0.05 + 0.1 * last["kl"]
    )
    assert abs(score["kl"] - last["kl"]) < 4 * error + rare
    error = (score["gap_se"] ** 2 + score["kl_se"] ** 2) ** 0.5
    assert abs(score["gap"] - score["kl"]) < 4 * error + 1e-6


def test_every_shipped_card_has_the_digest_of_its_weights():
    for path in shipped().values():
        assert read_card(path)["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()

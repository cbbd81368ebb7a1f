"""The tool that asks whether gradients point downhill."""

import math
import sys

import pytest
import torch

from ntmlab import NTM
from ntmlab.tasks import make_task
from ntmlab.training.cost import mean_cost
from ntmlab.weights import save_model
from tools import gradients

TASK = make_task("copy", width=1, min_length=2, max_length=2)


def small() -> NTM:
    torch.manual_seed(0)
    sizes = {"slots": 6, "slot_width": 4, "controller_size": 5}
    return NTM(TASK.input_size, TASK.output_size, **sizes)


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["gradients", *arguments])
    return gradients.main()


def test_gradients_are_those_of_single_sequences():
    model, sequences = small(), TASK.sample(3, seed=0)
    found = gradients.gradients(model, sequences)
    (3 * mean_cost(model, sequences)).backward()
    summed = torch.cat([p.grad.flatten() for p in model.parameters()])
    torch.testing.assert_close(found.sum(0), summed, rtol=1e-4, atol=1e-6)


def test_a_machine_that_leans_to_ones_goes_downhill_and_is_put_back():
    model, sequences = small(), TASK.sample(32, seed=0)
    with torch.no_grad():
        model.output_bias.fill_(4.0)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    base = gradients.mean_bits(model, sequences)
    row = gradients.report(model, math.inf, sequences, sequences, base).split()
    assert row[0] == "inf"
    assert float(row[3]) > 0.5  # the halves agree
    assert float(row[6]) < float(row[5]) < 0  # the longer step gains more
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ngrams-lstm"], "no NTM"),
        (["nothing"], "nothing"),
        (["copy-ntm", "--sequences", "1"], "at least 2"),
        (["copy-ntm", "--limits", "1", "0"], "positive"),
    ],
)
def test_wrong_input_gets_one_line(arguments, says, monkeypatch, capsys):
    assert run(monkeypatch, *arguments) == 2
    error = capsys.readouterr().err
    assert says in error
    assert len(error.strip().splitlines()) == 1


def test_a_saved_model_is_read(tmp_path, monkeypatch, capsys):
    card = {"task": "copy", "task_options": TASK.options()}
    save_model(small(), tmp_path / "m.safetensors", card)
    arguments = (str(tmp_path / "m.safetensors"), "--limits", "1", "--sequences", "4")
    assert run(monkeypatch, *arguments) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3

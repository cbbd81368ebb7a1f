"""Which task a command is about: what is said, what models were trained on, what is remarked."""

import json
import re
from pathlib import Path

import pytest
import torch

from ntmlab import NTM
from ntmlab.runs.weights import save_model
from tests.cli.commands import run

ROOT = Path(__file__).parents[2]
SMALL = {"controller_size": 4, "slots": 4, "slot_width": 2}


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """A model of three bits of context and fifty steps, and one of two letters more."""
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    options = {"order": 4, "length": 50, "prior": [0.5, 0.5]}
    card = {"task": "dynamic-ngrams", "task_options": options, "sequences": 1, "seed": 0}
    save_model(NTM(1, 1, **SMALL), tmp_path / "bits.safetensors", card)
    letters = {**card, "task_options": {**options, "letters": 4, "prior": [0.5] * 4}}
    save_model(NTM(4, 4, **SMALL), tmp_path / "letters.safetensors", letters)
    foreign = {**card, "task": "os:getcwd", "task_options": {}}
    save_model(NTM(1, 1, **SMALL), tmp_path / "foreign.safetensors", foreign)
    return tmp_path


def evaluated(capsys, *arguments):
    status, out, err = run(capsys, "evaluate", *arguments, "--sequences", 20, "--json")
    assert status == 0, err
    return json.loads(out), err


def test_a_model_is_evaluated_where_it_was_trained(trained, capsys):
    found, err = evaluated(capsys, "dynamic-ngrams", "--models", "optimal", "bits.safetensors")
    assert found["specification"] == "dynamic-ngrams:order=4,length=50"
    assert (found["options"]["order"], found["options"]["length"]) == (4, 50)
    assert err == ""


def test_another_size_is_said(trained, capsys):
    for arguments in [("dynamic-ngrams:order=2",), ("dynamic-ngrams", "--order", 2)]:
        found, err = evaluated(capsys, *arguments, "--models", "bits.safetensors")
        assert found["options"]["order"] == 2
        assert "bits.safetensors was trained on dynamic-ngrams:order=4,length=50" in err
    found, err = evaluated(capsys, "dynamic-ngrams", "--models", "bits.safetensors", "ntm")
    assert found["specification"] == "dynamic-ngrams"  # they differ: the task's own defaults
    assert "this is dynamic-ngrams" in err


def test_the_alphabet_is_the_model_s(trained, capsys):
    found, _ = evaluated(capsys, "dynamic-ngrams", "--models", "optimal", "letters.safetensors")
    assert found["options"]["letters"] == 4
    status, _, err = run(
        capsys, "evaluate", "dynamic-ngrams", "--models", "bits.safetensors", "letters.safetensors"
    )
    assert status == 2
    assert "different forms" in err


def test_predict_takes_its_task_from_the_model(trained, capsys):
    arguments = ("predict", "0312", "--models", "letters.safetensors", "optimal", "--json")
    _, out, _ = run(capsys, *arguments)
    rows = json.loads(out)
    assert rows["symbols"] == "0312"
    for said in rows["predictions"].values():
        assert [len(p) for p in said] == [4] * 4
        assert [sum(p) for p in said] == pytest.approx([1] * 4)


def test_a_card_cannot_have_code_run(trained, capsys, monkeypatch):
    status, out, err = run(capsys, "evaluate", "os:getcwd", "--models", "foreign.safetensors")
    assert (status, out) == (2, "")
    status, out, err = run(capsys, "predict", "01", "--models", "foreign.safetensors")
    assert (status, out) == (2, "")
    assert "NTMLAB_TRUST=os" in err


@pytest.mark.parametrize(
    ("specification", "message"),
    [
        ("dynamic-ngram", "did you mean 'dynamic-ngrams'"),
        ("dynamic-ngrams:ordr=4", "did you mean 'order'"),
        ("dynamic-ngrams:order=99", "from 1 to 17, not 99"),
        ("dynamic-ngrams:order=4,order=5", "given twice"),
        ("dynamic-ngrams:order", "no variants"),
        ("dynamic-ngrams:letters=2,prior=1/2/3", "each of 2 letters"),
        ("hmm:mess", "did you mean 'mess3'"),
        ("hm:mess3", "did you mean 'hmm'"),
        ("copy:width=x", "whole number"),
        (":order=3", "no name"),
        ("json:loads", "TypeError"),
        ("json:dumps:obj=3", "is no task"),
        ("x" * 2000, "at most 1000 characters"),
    ],
)
def test_wrong_tasks_get_one_clear_line(capsys, specification, message):
    status, out, err = run(capsys, "evaluate", specification)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err


def test_the_guest_of_the_docs_works_in_every_command(tmp_path, monkeypatch, capsys):
    """docs/own-source.md, as it is printed."""
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/own-source.md").read_text()
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        if name := re.match(r"# (\w+\.py)\n", block):
            assert len([line for line in block.splitlines() if line.strip()]) <= 45
            (tmp_path / name[1]).write_text(block)
    commands = [line.split()[1:] for line in text.splitlines() if line.startswith("ntmlab ")]
    assert len(commands) > 8
    for command in commands:
        if command[0] == "explore":
            continue
        if command[0] == "train":
            command += ["--sequences", "40", "--set", "batch=8"]
        if command[0] in ("evaluate", "losses", "beyond"):
            command += ["--sequences", "60"]
        status, _, err = run(capsys, *command)
        assert status == 0, (command, err)
    assert (tmp_path / "strips.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("evaluate", "dynamic-ngrams", "--sequences", 10**30), "from 1 to 1,000,000,000"),
        (("evaluate", "dynamic-ngrams", "--sequences", 0), "from 1 to 1,000,000,000"),
        (("losses", "optimal", "--sequences", 10**12), "from 1 to 1,000,000,000"),
        (("evaluate", "dynamic-ngrams", "--length", 2**31, "--models", "coin"), "to 100000000"),
        (("evaluate", "dyn\namic\n"), "unknown task"),
        (("predict", "01", "--models", "x" * 304), "unknown model"),
        (("predict", "01", "--models", "x" * 304 + ".safetensors"), "too long"),
        (("sweep", "x" * 304), "ntmlab sweep: error: "),
        (("list", "a\nb"), "invalid choice"),
    ],
)
def test_what_would_never_end_or_break_the_line_is_refused(capsys, arguments, message):
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err


def test_a_run_is_named_after_what_is_trained(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = ("train", "--task", "hmm:mess3,length=9", "--model", "lstm:hidden_size=3,layers=1")
    command += ("--sequences", 16, "--set", "model.hidden_size=4", "--set", "task.length=8")
    status, out, err = run(capsys, *command)
    assert (status, out) == (0, "runs/hmm-mess3-length=8-lstm-hidden_size=4-layers=1-seed0\n"), err

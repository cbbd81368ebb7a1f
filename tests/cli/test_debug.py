"""``--debug``: where a user's own code fails, its traceback stands before the line."""

import logging

import pytest

from tests.cli.commands import run

CODE = """
import torch

def inner(x):
    raise KeyError("lost")

def factory():
    inner(1)

class Module(torch.nn.Module):
    def forward(self, inputs):
        return inner(inputs)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "failing_models.py").write_text(CODE)
    (tmp_path / "failing_import.py").write_text("import no_such_thing\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("model", "part"),
    [
        ("failing_models:factory", "in inner"),
        ("failing_models:Module", "in inner"),
        ("failing_import:Module", "import no_such_thing"),
    ],
)
def test_the_traceback_is_shown_once_where_asked_for(folder, capsys, model, part):
    command = ("check", model, "--lengths", 2, 5)
    status, out, quiet = run(capsys, *command)
    assert "Traceback" not in quiet
    again, same, loud = run(capsys, *command, "--debug")
    assert (again, same) == (status, out)
    assert loud.count("Traceback") == 1
    assert part in loud
    assert loud.endswith(quiet)
    assert not logging.getLogger("ntmlab").handlers


ESCAPES = """
import warnings

def raises():
    raise ValueError("\\x1b[2J\\u202e\\nlost")

def warns():
    warnings.warn("\\x1b[2J\\nlost")
    return lambda inputs: inputs * 0 + 0.5
"""


@pytest.mark.parametrize("factory", ["raises", "warns"])
def test_control_codes_are_shown_and_not_sent_to_the_terminal(
    tmp_path, monkeypatch, capsys, factory
):
    (tmp_path / "escaping_models.py").write_text(ESCAPES)
    monkeypatch.chdir(tmp_path)
    _, _, err = run(capsys, "predict", "01", "--models", f"escaping_models:{factory}")
    assert err.count("\n") == 1
    assert all(letter.isprintable() for letter in err.strip())
    assert r"\x1b[2J" in err
    assert "lost" in err

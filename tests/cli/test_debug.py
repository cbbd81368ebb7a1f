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
